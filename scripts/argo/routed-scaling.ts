import type { Plan } from './plan.ts';
import type { PodCounts } from './pods.ts';
import type { ReplicaSets } from './replica-set.ts';
import { isFullyPromoted, type RolloutStatus } from './status.ts';
import type { TrafficRouting, TrafficWeights } from './traffic-routing.ts';
import { setWeight } from './weight.ts';

/**
 * How many pods of each version the controller asks for with a traffic router. The canary gets those for its weight or
 * `setCanaryScale`; stable gets all, or with `dynamicStableScale` those for the larger of its present and next weight. Mirrors
 * `CalculateReplicaCountsForTrafficRoutedCanary` in argo-rollouts `utils/replicaset/canary.go` (v1.10.2).
 */
export function routedPodCounts(
  plan: Plan,
  routing: TrafficRouting,
  status: RolloutStatus,
  sets: ReplicaSets,
  weights: TrafficWeights | undefined,
): PodCounts {
  const { replicas } = plan;
  const podsFor = (weight: number) => podsForWeight(replicas, weight, routing);
  const atLeast = (count: number) =>
    count === 0 ? 0 : Math.max(count, Math.min(routing.minPodsPerReplicaSet ?? 0, replicas));
  const scale = canaryScale(plan, routing, status, sets);
  const canary = scale.replicas ?? atLeast(podsFor(scale.weight));
  if (!routing.dynamicStableScale) {
    return { canary, stable: replicas };
  }
  const stable = podsFor(routing.maxWeight - scale.weight);
  if (weights === undefined) {
    return { canary: atLeast(canary), stable: atLeast(stable) };
  }
  return {
    // An aborted canary keeps enough pods for its present weight until the requests have left it.
    canary: atLeast(status.isAborted ? Math.max(canary, podsFor(weights.canary)) : canary),
    stable: atLeast(Math.max(stable, podsFor(weights.stable))),
  };
}

function podsForWeight(replicas: number, weight: number, { maxWeight }: TrafficRouting): number {
  return Math.ceil((weight * replicas) / maxWeight);
}

/** The number of canary pods, or the weight to compute it from. Mirrors `GetCanaryReplicasOrWeight`. */
function canaryScale(
  plan: Plan,
  routing: TrafficRouting,
  status: RolloutStatus,
  sets: ReplicaSets,
): { readonly replicas?: number; readonly weight: number } {
  if (status.isPromoteFull || status.stableRS === '' || isFullyPromoted(status)) {
    return { weight: routing.maxWeight };
  }
  const step = scaleStep(plan, routing, status);
  if (step?.replicas !== undefined) {
    return { replicas: step.replicas, weight: 0 };
  }
  return { weight: step?.weight ?? desiredCanaryWeight(plan, routing, status, sets) };
}

/** The `setCanaryScale` step in force; undefined where the number of pods follows the weight. Mirrors `UseSetCanaryScale`. */
function scaleStep(plan: Plan, { abortScaleDownDelaySeconds }: TrafficRouting, status: RolloutStatus) {
  const index = status.currentStepIndex ?? 0;
  if ((status.isAborted && abortScaleDownDelaySeconds !== 0) || index >= plan.steps.length) {
    return undefined;
  }
  const step = plan.steps.slice(0, index + 1).findLast(({ kind }) => kind === 'setCanaryScale');
  return step?.kind === 'setCanaryScale' && !step.matchesWeight ? step : undefined;
}

/**
 * The canary's desired weight: that of the last `setWeight`. After an abort with `dynamicStableScale` it goes down through the
 * earlier `setWeight` steps as stable gets its pods back. Mirrors `GetDesiredCanaryWeight`.
 */
export function desiredCanaryWeight(
  plan: Plan,
  routing: TrafficRouting,
  status: RolloutStatus,
  { canary, stable }: ReplicaSets,
): number {
  if (!status.isAborted || !routing.dynamicStableScale || canary === undefined || stable === undefined) {
    return setWeight(plan, status);
  }
  const left = Math.max(plan.replicas - stable.availableReplicas, canary.availableReplicas);
  const step = plan.steps.findLast(
    (candidate) => candidate.kind === 'setWeight' && podsForWeight(plan.replicas, candidate.weight, routing) < left,
  );
  return step?.kind === 'setWeight' ? step.weight : 0;
}
