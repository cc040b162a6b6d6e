import type { RolloutState } from '../../argo/rollout-state.ts';
import { textAt } from '../../manifest/json.ts';
import { RehearsalError } from '../errors.ts';
import { addLoss, type LossReason } from '../losses.ts';
import { CANARY, readyOf, STABLE } from '../release.ts';
import type { Visit } from '../users/visit.ts';
import type { Totals } from '../world.ts';
import type { ClusterClient } from './client.ts';
import { imageTrouble } from './trouble.ts';
import { USERS } from './users.ts';

/** Reads of the log in a row, a second apart, that may fail; the next failure ends the rehearsal. */
const FAILED_READS = 10;
/** Seconds that a pod may go on terminating after its ReplicaSet lost it: Kubernetes' default grace period. */
const ENDING_SECONDS = 30;

/**
 * Users inside a cluster, observed through the log of their Job. The log does not say which pod answered, so the canary's share of the requests is estimated as its share of the ready pods.
 * Refused and broken requests count as `terminating` for `ENDING_SECONDS` after the number of pods fell.
 */
export function createLoggedUsers(
  cluster: Pick<ClusterClient, 'list' | 'readLog'>,
  namespace: string,
  state: RolloutState,
) {
  let begin = Number.POSITIVE_INFINITY;
  let pod: string | undefined;
  let failures = 0;
  let firstCanary: number | undefined;
  let seen: Ends = {};
  let [succeeded, lost, canary] = [0, 0, 0];
  const losses: Partial<Record<LossReason, number>> = {};
  let [replicas, endedAt] = [0, Number.NEGATIVE_INFINITY];

  /** Counts the requests that have ended since the last call. */
  function count(ends: Ends, now: number): void {
    const before = replicas;
    replicas = state.replicaSets.reduce((sum, set) => sum + set.replicas, 0);
    endedAt = replicas < before ? now : endedAt;
    const [stableReady, canaryReady] = [readyOf(state, STABLE), readyOf(state, CANARY)];
    for (const [end, total] of Object.entries(ends) as [Visit, number][]) {
      const added = now < begin ? 0 : total - (seen[end] ?? 0);
      if (end === 'succeeded') {
        succeeded += added;
      } else if (added > 0) {
        const isByEnding = (end === 'refused' || end === 'broken') && now - endedAt <= ENDING_SECONDS;
        addLoss(losses, isByEnding ? 'terminating' : end, added);
        lost += added;
      }
      if (canaryReady > 0 && added > 0) {
        canary += (added * canaryReady) / (stableReady + canaryReady);
        firstCanary ??= now;
      }
    }
    seen = ends;
  }

  return {
    /**
     * Reads the newest line of the log. Rejects with RehearsalError where the users' pod failed or lacks its image, or the log cannot
     * be read.
     */
    async look(now: number): Promise<void> {
      pod ??= await runningPod(cluster, namespace);
      if (pod === undefined) {
        return;
      }
      try {
        count(readEnds(await cluster.readLog(namespace, pod, USERS)) ?? seen, now);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures > FAILED_READS) {
          throw error;
        }
      }
    },
    /** Whether they have sent requests. */
    hasBegun: () => Object.keys(seen).length > 0,
    /** As in `Users`. */
    begin(now: number): void {
      begin = now;
    },
    totals: (): Totals => ({ succeeded, lost, losses: { ...losses }, canary: Math.round(canary), firstCanary }),
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

/** Requests since the users began, by how they ended. */
type Ends = Readonly<Partial<Record<Visit, number>>>;

/** The newest whole line of `users/program.ts` in its log; undefined without one. Other lines are warnings of Node. */
function readEnds(log: string): Ends | undefined {
  const line = log.split('\n').findLast((one) => /^\{.*\}$/.test(one));
  return line === undefined ? undefined : JSON.parse(line);
}
