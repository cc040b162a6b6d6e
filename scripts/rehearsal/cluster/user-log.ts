import type { RolloutState } from '../../argo/rollout-state.ts';
import { textAt } from '../../manifest/json.ts';
import { RehearsalError } from '../errors.ts';
import { addLoss, type Losses, type LossReason } from '../losses.ts';
import { CANARY, readyOf, STABLE } from '../release.ts';
import type { Users } from '../world.ts';
import type { ClusterClient } from './client.ts';
import { imageTrouble } from './trouble.ts';
import { USERS } from './users.ts';

/** Reads of the log in a row, a second apart, that may fail; the next failure ends the rehearsal. */
const FAILED_READS = 10;
/** Seconds that a pod may go on terminating after its ReplicaSet lost it: Kubernetes' default grace period. */
const ENDING_SECONDS = 30;

/** Users inside a cluster, observed through the log of their Job. */
export interface LoggedUsers extends Users {
  /**
   * Reads new lines of the log. Rejects with RehearsalError where the users' pod failed or lacks its image, or the log cannot be
   * read.
   */
  readonly look: (now: number) => Promise<void>;
  /** Whether they have sent requests. */
  readonly hasBegun: () => boolean;
}

/**
 * The log does not say which pod answered, so the canary's share of the requests is estimated as its share of the ready pods.
 * Refused and broken requests count as `terminating` for `ENDING_SECONDS` after the number of pods fell.
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

  return {
    async look(now) {
      pod ??= await runningPod(cluster, namespace);
      if (pod === undefined) {
        return;
      }
      let log = '';
      try {
        log = await cluster.readLog(namespace, pod, USERS);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures > FAILED_READS) {
          throw error;
        }
      }
      for (const second of readUserSeconds(log).filter((one) => one.second > lastSecond)) {
        lastSecond = second.second;
        count(second, now);
      }
    },
    hasBegun: () => lastSecond > 0,
    begin(now) {
      begin = now;
    },
    totals: () => ({ ...totals, losses: { ...losses }, canary: Math.round(totals.canary) }),
    firstCanary: () => firstCanary,
  };
}

async function runningPod(cluster: Pick<ClusterClient, 'list'>, namespace: string): Promise<string | undefined> {
  const [pod] = await cluster.list('v1', 'Pod', namespace, `app.kubernetes.io/name=${USERS}`);
  const phase = textAt(pod, ['status', 'phase']);
  const trouble = pod && imageTrouble(pod);
  if (trouble !== undefined) {
    throw new RehearsalError(`the users' ${trouble}`);
  }
  if (phase === 'Failed') {
    throw new RehearsalError(
      `the users' Job failed: an image without Node? --users-image names one that has it; --keep and kubectl -n ${namespace} logs job/${USERS} say more`,
    );
  }
  return phase === 'Running' ? textAt(pod, ['metadata', 'name']) : undefined;
}

/** The users' requests of one second. */
interface UserSecond {
  /** 1-based, since the users began. */
  readonly second: number;
  readonly succeeded: number;
  readonly losses: Losses;
}

/** The seconds in the users' log, in its order. Other lines, such as errors of the program, are skipped. */
export function readUserSeconds(log: string): readonly UserSecond[] {
  // The last line may be half written.
  const lines = log.split('\n').filter((line) => /^\{"second":\d+,"codes":\{.*\}\}$/.test(line));
  return lines.map((line) => {
    const { second, codes } = JSON.parse(line) as { second: number; codes: Record<string, number> };
    let succeeded = 0;
    const losses: Partial<Record<LossReason, number>> = {};
    for (const [code, count] of Object.entries(codes)) {
      if (/^[1-4]/.test(code)) {
        succeeded += count;
      } else {
        addLoss(losses, code.startsWith('5') ? 'failed' : (code as LossReason), count);
      }
    }
    return { second, succeeded, losses };
  });
}
