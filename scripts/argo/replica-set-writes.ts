import { type ReplicaSet, type ReplicaSets, sumOf } from './replica-set.ts';
import type { Bounds } from './scaling.ts';
import { nextPodCounts } from './scaling.ts';

/**
 * Asks for pods: of the stable ReplicaSet, else of the canary's, else of older ones; answers whether one was scaled.
 * Mirrors `reconcileCanaryReplicaSets` in argo-rollouts `rollout/canary.go` (v1.9.1): one kind of write a reconcile.
 */
export function scaleReplicaSets(bounds: Bounds, weight: number, sets: ReplicaSets): boolean {
  const { canary, stable } = sets;
  const next = nextPodCounts(bounds, weight, sets);
  if (stable !== undefined && stable !== canary && write(stable, next.stable, bounds.replicas)) {
    return true;
  }
  if (canary !== undefined && write(canary, next.canary, bounds.replicas)) {
    return true;
  }
  return scaleDownOthers(bounds, sets);
}

function write(set: ReplicaSet, count: number, desired: number): boolean {
  const isScaled = set.specReplicas !== count;
  set.specReplicas = count;
  set.desired = desired;
  return isScaled;
}

/** Broken pods of older versions first, then as many as availability allows. Mirrors `scaleDownOldReplicaSetsForCanary`. */
function scaleDownOthers({ replicas, maxUnavailable }: Bounds, { canary, stable, others }: ReplicaSets): boolean {
  const active = others.filter(({ specReplicas }) => specReplicas > 0);
  if (active.length === 0) {
    return false;
  }
  let isScaled = false;
  for (const set of active) {
    if (set.specReplicas < set.availableReplicas) {
      // Pods that are on their way out: the controller takes it for an error and leaves it at that.
      return isScaled;
    }
    if (set.specReplicas > set.availableReplicas) {
      isScaled = write(set, set.availableReplicas, replicas) || isScaled;
    }
  }
  const all = new Set([
    ...others,
    ...(canary === undefined ? [] : [canary]),
    ...(stable === undefined ? [] : [stable]),
  ]);
  let removable = sumOf(all, 'availableReplicas') - (replicas - maxUnavailable);
  if (removable <= 0) {
    // The controller forgets here what it has just removed of the broken.
    return false;
  }
  // The newest first.
  for (const set of active.toSorted((left, right) => right.revision - left.revision)) {
    if (removable > 0 && set.specReplicas > 0) {
      const removed = Math.min(set.specReplicas, removable);
      isScaled = write(set, set.specReplicas - removed, replicas) || isScaled;
      removable -= removed;
    }
  }
  return isScaled;
}
