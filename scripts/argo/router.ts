import { isAborting } from './pauses.ts';
import type { Reconcile } from './reconcile-context.ts';
import { desiredCanaryWeight } from './routed-scaling.ts';
import { hasEnoughPods, isAtPodCounts } from './scaling.ts';
import { pointService, previousCanary } from './services.ts';
import { isFullyPromoted } from './status.ts';
import type { TrafficRouting, TrafficWeights } from './traffic-routing.ts';
import { currentStep, setWeight } from './weight.ts';

/** The result of reconciling the traffic router. */
export interface Routed {
  readonly weights: TrafficWeights | undefined;
  /** Whether the router reports the weight as in force; undefined where it cannot, or was not asked. */
  readonly isVerified?: boolean | undefined;
  /** Whether to ask the router again, because it does not report the weight yet. */
  readonly isAwaited?: boolean;
  /** Whether the reconcile fails here: its later parts are not done, and the controller retries. */
  readonly isStuck?: true;
}

/**
 * Sets the router to the desired weight, if stable has the pods for its share. Mirrors `reconcileTrafficRouting` in
 * argo-rollouts `rollout/trafficrouting.go` (v1.10.2), for one router and without experiments.
 */
export function routeTraffic(reconcile: Reconcile, routing: TrafficRouting): Routed {
  const { traffic, plan, prior, sets, canary, now } = reconcile;
  const canaryHash = previousCanary(reconcile) ?? canary.hash;
  const weight = desiredWeight(reconcile, routing);
  const stable = routing.maxWeight - weight;
  if (!hasPodsFor(reconcile, routing, stable)) {
    return { weights: prior.weights, isVerified: prior.weights?.isVerified };
  }
  const step = currentStep(plan, prior);
  if ((step?.kind === 'setHeaderRoute' || step?.kind === 'setMirrorRoute') && canary.revision > 1) {
    if (step.isSet) {
      traffic.routes.set(step.name, step);
    } else {
      traffic.routes.delete(step.name);
    }
  }
  const setRouter = () => {
    if (traffic.weight !== weight) {
      Object.assign(traffic, { weight, weightSince: now });
    }
  };
  if (canary.availableReplicas === 0 && (prior.weights?.canary ?? 0) > 0) {
    // A new canary has no pods yet: requests must leave it before the router gets its hash.
    setRouter();
  }
  if (routing.waitsForPods && refusesHashes(reconcile)) {
    return { weights: prior.weights, isStuck: true };
  }
  setRouter();
  const next = { canary: weight, stable, canaryHash, stableHash: sets.stable?.hash ?? '' };
  if (routing.verifySeconds === undefined || !isVerifiedNow(reconcile, routing, weight)) {
    return { weights: changedWeights(prior.weights, next) };
  }
  const isVerified = now >= traffic.weightSince + routing.verifySeconds;
  const weights = changedWeights(prior.weights, { ...next, isVerified });
  // At the end of an update nothing may be scaled down before the full weight is in force.
  const isStuck = !isVerified && weight === routing.maxWeight && plan.steps.length >= (prior.currentStepIndex ?? 0);
  return { weights, isVerified, isAwaited: !isVerified, ...(isStuck ? { isStuck } : {}) };
}

/**
 * `next` when a weight or a version differs, else `before`: a later `isVerified` alone is not recorded. Mirrors
 * `calculateWeightStatus`.
 */
function changedWeights(before: TrafficWeights | undefined, next: TrafficWeights): TrafficWeights {
  const isSame =
    before?.canary === next.canary &&
    before.stable === next.stable &&
    before.canaryHash === next.canaryHash &&
    before.stableHash === next.stableHash;
  return isSame ? before : next;
}

/** The canary's weight. Like its source, it also clears the managed routes and points the canary's Service back to stable. */
function desiredWeight(reconcile: Reconcile, routing: TrafficRouting): number {
  const { traffic, plan, prior, sets, canary, wish, podCounts } = reconcile;
  const { maxWeight, dynamicStableScale } = routing;
  if (previousCanary(reconcile) !== undefined) {
    return weightOnTheWayBack(reconcile, routing);
  }
  if (isFullyPromoted(prior)) {
    traffic.routes.clear();
    return 0;
  }
  if (isAborting(prior, wish)) {
    const weight = weightOnTheWayBack(reconcile, routing);
    if (!dynamicStableScale || weight === 0) {
      pointService(traffic, plan.services?.canary ?? '', sets.stable, false);
    }
    traffic.routes.clear();
    return weight;
  }
  if (canary.availableReplicas === 0) {
    traffic.routes.clear();
    return 0;
  }
  if (prior.isPromoteFull) {
    traffic.routes.clear();
    return dynamicStableScale
      ? Math.floor((maxWeight * canary.availableReplicas) / plan.replicas)
      : (prior.weights?.canary ?? 0);
  }
  const index = plan.steps.length === 0 ? undefined : (prior.currentStepIndex ?? 0);
  if (index === undefined) {
    return 0;
  }
  if (!isAtPodCounts(podCounts(undefined), sets, plan)) {
    // The pods for this step are not ready: keep the weight of the steps before it.
    const last = plan.steps.slice(0, index).findLast(({ kind }) => kind === 'setWeight');
    return last?.kind === 'setWeight' ? last.weight : 0;
  }
  return setWeight(plan, prior);
}

/** The canary's weight while requests go back to stable. Mirrors `calculateDesiredWeightOnAbortOrStableRollback`. */
function weightOnTheWayBack({ plan, prior, sets }: Reconcile, routing: TrafficRouting): number {
  const { maxWeight, dynamicStableScale } = routing;
  if (!dynamicStableScale || sets.stable === undefined || plan.replicas === 0) {
    return 0;
  }
  const desired = desiredCanaryWeight(plan, routing, prior, sets);
  const byStablePods = Math.floor((maxWeight * sets.stable.availableReplicas) / plan.replicas);
  const expected = Math.max(0, maxWeight - byStablePods);
  if (prior.weights === undefined) {
    return Math.max(expected, desired);
  }
  const present = prior.weights.canary;
  if (desired <= 0) {
    return Math.min(expected, present);
  }
  return byStablePods < maxWeight - desired ? present : Math.min(desired, present);
}

/**
 * Whether stable has enough available pods for `weight`, its share of the requests (0 to `maxWeight`). Mirrors
 * `checkReplicasAvailable`.
 */
function hasPodsFor({ plan, sets }: Reconcile, { maxWeight }: TrafficRouting, weight: number): boolean {
  const needed = Math.trunc((weight * plan.replicas) / maxWeight);
  const { stable } = sets;
  return (
    stable !== undefined &&
    (stable.availableReplicas >= needed || hasEnoughPods(stable, needed, plan.progressThreshold))
  );
}

/** Mirrors `shouldDelayDestinationRuleUpdate` in argo-rollouts `rollout/trafficrouting/istio/istio.go` (v1.10.2). */
function refusesHashes({ prior, plan, sets: { canary, stable } }: Reconcile): boolean {
  const { canary: canaryService, stable: stableService } = plan.services ?? { canary: '', stable: '' };
  if (canaryService !== '' || stableService !== '') {
    return false;
  }
  const isShort = (set: typeof stable) =>
    set !== undefined && set.specReplicas > 0 && set.availableReplicas < set.specReplicas;
  return isShort(stable) || (!prior.isAborted && isShort(canary));
}

/** Whether the weight must be verified: at a `setWeight` step and at the end of an update. Mirrors `ShouldVerifyWeight`. */
function isVerifiedNow({ plan, prior }: Reconcile, { maxWeight }: TrafficRouting, weight: number): boolean {
  const step = currentStep(plan, prior);
  const isEnd = step === undefined && weight === maxWeight;
  return prior.stableRS !== '' && !isFullyPromoted(prior) && (step?.kind === 'setWeight' || isEnd);
}
