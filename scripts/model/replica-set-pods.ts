import type { ReplicaSet } from '../argo/replica-set.ts';

/** A pod of a ReplicaSet. */
export interface ReplicaSetPod {
  /** Unique over a run. */
  readonly name: string;
  /** Template hash, which is its ReplicaSet's. */
  readonly hash: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  isReady: boolean;
  /** Seconds since the epoch when it last became ready. */
  readySince: number;
}

/** The pods that a ReplicaSet with `count` pods too many deletes: unready ones first, then the youngest, as in the recorded traces. */
export function podsToDelete<Pod extends ReplicaSetPod>(
  pods: readonly Pod[],
  hash: string,
  count: number,
): ReadonlySet<Pod> {
  const order = pods
    .filter((pod) => pod.hash === hash)
    .sort((left, right) => Number(left.isReady) - Number(right.isReady) || right.createdAt - left.createdAt);
  return new Set(order.slice(0, count));
}

/** Writes the counts of its pods into a ReplicaSet's status; returns whether one changed. */
export function countPods(
  set: ReplicaSet,
  pods: readonly ReplicaSetPod[],
  minReadySeconds: number,
  now: number,
): boolean {
  let [replicas, readyReplicas, availableReplicas] = [0, 0, 0];
  for (const pod of pods) {
    if (pod.hash === set.hash) {
      replicas += 1;
      readyReplicas += Number(pod.isReady);
      availableReplicas += Number(pod.isReady && now >= pod.readySince + minReadySeconds);
    }
  }
  const isChanged =
    set.replicas !== replicas || set.readyReplicas !== readyReplicas || set.availableReplicas !== availableReplicas;
  Object.assign(set, { replicas, readyReplicas, availableReplicas });
  return isChanged;
}
