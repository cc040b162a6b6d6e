import { podsAtWeight, resolveSurge } from '../argo/pods.ts';
import type { ReplicaSet } from '../argo/replica-set.ts';
import { isAtPodCounts, nextPodCounts } from '../argo/scaling.ts';
import { compare, type Difference } from './check.ts';

interface Written {
  readonly R: number;
  readonly w: number;
  readonly surge: number | string | null;
  readonly unav: number | string | null;
}

interface TargetCase extends Written {
  readonly kind: 'target';
  readonly surgeN: number;
  readonly unavN: number;
  readonly canary: number;
  readonly stable: number;
}

interface IncrementalCase extends Written {
  readonly kind: 'incremental';
  readonly abort: boolean;
  /** Of each ReplicaSet `[spec.replicas, availableReplicas]`; `stable` has `status.replicas` between them. */
  readonly new: readonly [number, number];
  readonly stable: readonly [number, number, number] | null;
  readonly older: readonly [number, number] | null;
  readonly out: readonly [number, number];
  readonly atDesired: boolean;
}

export function checkReplicas(vector: TargetCase | IncrementalCase): Difference | undefined {
  const { R, w, surge, unav } = vector;
  const resolved = resolveSurge(surge ?? undefined, unav ?? undefined, R);
  if (vector.kind === 'target') {
    const { surgeN: maxSurge, unavN: maxUnavailable, canary, stable } = vector;
    return compare(
      { maxSurge, maxUnavailable, canary, stable },
      { ...resolved, ...podsAtWeight(R, w, resolved.maxSurge) },
    );
  }
  const { new: canary, stable, older, abort, out, atDesired } = vector;
  const bounds = { replicas: R, ...resolved };
  const sets = {
    canary: replicaSet('canary', canary[0], canary[0], canary[1]),
    stable: stable === null ? undefined : replicaSet('stable', ...stable),
    others: older === null ? [] : [replicaSet('older', older[0], older[0], older[1])],
  };
  const weight = abort ? 0 : w;
  const next = nextPodCounts(bounds, weight, sets);
  return compare({ out, atDesired }, { out: [next.canary, next.stable], atDesired: isAtPodCounts(next, sets, {}) });
}

function replicaSet(hash: string, specReplicas: number, replicas: number, availableReplicas: number): ReplicaSet {
  const counts = { specReplicas, replicas, readyReplicas: availableReplicas, availableReplicas };
  return { hash, createdAt: 0, revision: 0, desired: 0, ...counts };
}
