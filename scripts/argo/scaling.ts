import type { Plan } from './plan.ts';
import { type PodCounts, podsAtWeight } from './pods.ts';
import { type ReplicaSet, type ReplicaSets, sumOf } from './replica-set.ts';

export interface Bounds {
  readonly replicas: number;
  /** Number of pods, with percentages resolved. */
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

type Counted = Pick<ReplicaSet, 'specReplicas' | 'replicas' | 'availableReplicas'>;

/**
 * How many pods of each version the controller asks for next, on the way to a weight without a traffic router: never more than
 * replicas + maxSurge in all, never fewer available than replicas − maxUnavailable. Mirrors
 * `CalculateReplicaCountsForBasicCanary` in argo-rollouts `utils/replicaset/canary.go` (v1.10.2).
 */
export function nextPodCounts(
  bounds: Bounds,
  weight: number,
  { canary, stable: stableSet, others }: ReplicaSets,
): PodCounts {
  const { replicas, maxSurge, maxUnavailable } = bounds;
  const stable = stableSet === canary ? undefined : stableSet;
  const target = stable === undefined ? { canary: replicas, stable: 0 } : podsAtWeight(replicas, weight, maxSurge);
  const maxPods = replicas + maxSurge;
  const minAvailable = replicas - maxUnavailable;
  let nextCanary = canary?.specReplicas ?? 0;
  let nextStable = stable?.specReplicas ?? 0;
  const older = sumOf(others, 'specReplicas');
  let spare = maxPods - (older + nextCanary + nextStable);

  if (stable !== undefined && stable.specReplicas < target.stable && spare > 0) {
    nextStable = Math.min(stable.specReplicas + spare, target.stable);
    spare -= nextStable - stable.specReplicas;
  }
  if (canary !== undefined && canary.specReplicas < target.canary && spare > 0) {
    nextCanary = Math.min(canary.specReplicas + spare, target.canary);
  }
  if (older > 0) {
    // Pods of older versions are removed before stable or canary shrinks.
    return { canary: nextCanary, stable: nextStable };
  }

  const isIncreasing = canary === undefined || target.canary >= canary.specReplicas;
  // When stable and canary are the same ReplicaSet, the controller counts its pods twice.
  const standing = standingPods(canary, !isIncreasing) + standingPods(stableSet, isIncreasing);
  if (standing <= minAvailable) {
    return { canary: nextCanary, stable: nextStable };
  }
  const [drained, goal] = isIncreasing ? [stable, target.stable] : [canary, target.canary];
  if (drained === undefined) {
    return { canary: nextCanary, stable: nextStable };
  }
  const [unchanged, kept] = isIncreasing ? [nextStable, nextCanary] : [nextCanary, nextStable];
  const isShrinking = drained.specReplicas > goal;
  const count = isShrinking ? Math.max(goal, drained.specReplicas - (standing - minAvailable)) : unchanged;
  const other = isIncreasing ? canary : stableSet;
  const [fewer, rest] = withinLimits(drained, other, count, kept, maxPods, minAvailable);
  return isIncreasing ? { canary: rest, stable: fewer } : { canary: fewer, stable: rest };
}

/**
 * Whether the pods for a `setWeight` or `setCanaryScale` step are there: compared with the next counts, not the final ones.
 * Mirrors `AtDesiredReplicaCountsForCanary` in argo-rollouts `utils/replicaset/canary.go` (v1.10.2).
 */
export function isAtPodCounts(
  next: PodCounts,
  { canary, stable, others }: ReplicaSets,
  { routing, progressThreshold }: Pick<Plan, 'routing' | 'progressThreshold'>,
): boolean {
  const isStableThere = stable !== undefined && stable.specReplicas === next.stable && stable.replicas === next.stable;
  return (
    canary !== undefined &&
    hasEnoughPods(canary, next.canary, progressThreshold) &&
    (routing?.dynamicStableScale === true || isStableThere) &&
    // With a router, pods of older versions get no requests, so they need not be gone.
    (routing !== undefined || sumOf(others, 'availableReplicas') === 0)
  );
}

/** Mirrors `ReplicaProgressThresholdMet`. */
export function hasEnoughPods(
  { specReplicas, availableReplicas }: Counted,
  desired: number,
  threshold: Plan['progressThreshold'],
): boolean {
  if (threshold === undefined || threshold.value < 0) {
    return specReplicas === desired && availableReplicas === desired;
  }
  if (threshold.type === 'Percent') {
    return desired === 0 || (availableReplicas / desired) * 100 >= threshold.value - 1e-10;
  }
  return availableReplicas >= threshold.value;
}

/** Pods that count as available; with `ignoresAvailability` all that are asked for. */
function standingPods(set: Counted | undefined, ignoresAvailability: boolean): number {
  if (set === undefined) {
    return 0;
  }
  return ignoresAvailability || set.specReplicas < set.availableReplicas ? set.specReplicas : set.availableReplicas;
}

/**
 * Reduces `otherCount` to respect `maxPods`, but restores as many of its available pods as `minAvailable` needs. Mirrors
 * `adjustReplicaWithinLimits`.
 */
function withinLimits(
  drain: Counted,
  other: Counted | undefined,
  drainCount: number,
  otherCount: number,
  maxPods: number,
  minAvailable: number,
): readonly [drain: number, other: number] {
  if (other === undefined) {
    return [drainCount, otherCount];
  }
  const cut = otherCount - Math.max(0, otherCount + drainCount - maxPods);
  const available = Math.min(drain.availableReplicas, drainCount) + Math.min(other.availableReplicas, cut);
  const lost = Math.max(0, other.availableReplicas - cut);
  const needed = Math.max(0, minAvailable - available);
  const adjusted = cut + Math.min(lost, needed);
  return [drainCount - Math.max(0, adjusted + drainCount - maxPods), adjusted];
}
