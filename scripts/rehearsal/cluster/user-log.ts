import type { RolloutState } from '../../argo/rollout-state.ts';
import { textAt } from '../../manifest/json.ts';
import { RehearsalError } from '../errors.ts';
import { addLoss, type LossReason } from '../losses.ts';
import { CANARY, readyOf, STABLE } from '../release.ts';
import type { Totals, Users } from '../world.ts';
import type { ClusterClient } from './client.ts';
import { imageTrouble } from './trouble.ts';
import { readUserSeconds, USERS, type UserSecond } from './users.ts';

/** Looks in a row, a second apart, that may fail before the users count as lost. */
const FAILED_LOOKS = 10;
/** Seconds of the log that each look asks for: more than so many looks that failed. */
const LOG_SECONDS = 30;

/** Seconds after a ReplicaSet lost a pod in which that pod may be ending: Kubernetes' own grace period. */
const ENDING_SECONDS = 30;

/** The users of a cluster, by what their Job writes. */
export interface LoggedUsers extends Users {
  /** Reads what they wrote since the last time. Throws RehearsalError where their pod has ended. */
  readonly look: (now: number) => Promise<void>;
  /** Whether they have begun to ask. */
  readonly hasBegun: () => boolean;
}

/**
 * Which pod answered whom the log cannot say: the canary's share of a second's requests is its share of the ready pods, as a Service
 * spreads them. What was refused or broke off while a pod was ending is taken for that pod's.
 */
export function createLoggedUsers(
  cluster: Pick<ClusterClient, 'list' | 'readLog'>,
  namespace: string,
  state: RolloutState,
): LoggedUsers {
  let begin = Number.POSITIVE_INFINITY;
  let pod: string | undefined;
  let lastSecond = 0;
  let failures = 0;
  let firstCanary: number | undefined;
  const totals = { succeeded: 0, lost: 0, canary: 0 };
  const losses: Partial<Record<LossReason, number>> = {};
  let [replicas, endedAt] = [0, Number.NEGATIVE_INFINITY];

  function count({ succeeded, losses: found }: UserSecond, now: number): void {
    const before = replicas;
    replicas = state.replicaSets.reduce((sum, set) => sum + set.replicas, 0);
    endedAt = replicas < before ? now : endedAt;
    if (now < begin) {
      return;
    }
    let lost = 0;
    for (const [reason, number] of Object.entries(found) as [LossReason, number][]) {
      const isByEnding = (reason === 'refused' || reason === 'broken') && now - endedAt <= ENDING_SECONDS;
      addLoss(losses, isByEnding ? 'terminating' : reason, number);
      lost += number;
    }
    const [stable, canary] = [readyOf(state, STABLE), readyOf(state, CANARY)];
    const asked = canary === 0 ? 0 : ((succeeded + lost) * canary) / (stable + canary);
    firstCanary ??= asked > 0 ? now : undefined;
    totals.succeeded += succeeded;
    totals.lost += lost;
    totals.canary += asked;
  }

  async function findPod(): Promise<string | undefined> {
    const [found] = await cluster.list('v1', 'Pod', namespace, `app.kubernetes.io/name=${USERS}`);
    const phase = textAt(found, ['status', 'phase']);
    const trouble = found && imageTrouble(found);
    if (trouble !== undefined) {
      throw new RehearsalError(`the users' ${trouble}`);
    }
    if (phase === 'Failed') {
      throw new RehearsalError(
        `the users' Job failed: an image without Node? --users-image names one that has it; --keep and kubectl -n ${namespace} logs job/${USERS} say more`,
      );
    }
    return phase === 'Running' ? textAt(found, ['metadata', 'name']) : undefined;
  }

  return {
    async look(now) {
      pod ??= await findPod();
      if (pod === undefined) {
        return;
      }
      const since = lastSecond === 0 ? undefined : LOG_SECONDS;
      const log = await cluster.readLog({ namespace, pod, container: USERS }, since).catch((error: unknown) => {
        failures += 1;
        if (failures > FAILED_LOOKS) {
          throw error;
        }
        return undefined;
      });
      if (log === undefined) {
        return;
      }
      failures = 0;
      for (const second of readUserSeconds(log).filter((one) => one.second > lastSecond)) {
        lastSecond = second.second;
        count(second, now);
      }
    },
    hasBegun: () => lastSecond > 0,
    begin(now) {
      begin = now;
    },
    totals: (): Totals => ({ ...totals, losses: { ...losses }, canary: Math.round(totals.canary) }),
    firstCanary: () => firstCanary,
  };
}
