import { isAborting } from './pauses.ts';
import type { Reconcile } from './reconcile-context.ts';
import { type ReplicaSet, sumOf } from './replica-set.ts';
import { isFullyPromoted } from './status.ts';
import type { TrafficWeights } from './traffic-routing.ts';

/** Seconds between two resyncs of the controller, which does not wait for a scale-down deadline further away than that. */
const RESYNC = 900;

/**
 * Scales the stable ReplicaSet, else the canary's, else older ones; returns whether one was scaled. `weights` are those that
 * this reconcile gave the router. Mirrors `reconcileCanaryReplicaSets` in argo-rollouts `rollout/canary.go` (v1.10.2):
 * a reconcile scales only one of the three.
 */
export function scaleReplicaSets(reconcile: Reconcile, weights: TrafficWeights | undefined): boolean {
  const { sets, canary, prior, podCounts } = reconcile;
  const keepsCanary = abortDelay(reconcile) !== undefined;
  if (!keepsCanary) {
    delete canary.scaleDownAt;
  }
  if (sets.stable !== undefined && sets.stable !== canary) {
    delete sets.stable.scaleDownAt;
    // By the prior weights: with a router, stable shrinks one reconcile later, when the requests have left it.
    if (write(reconcile, sets.stable, podCounts(prior.weights).stable)) {
      return true;
    }
  }
  const before = canary.specReplicas;
  const count = podCounts(weights).canary;
  const isScaled = scaleCanary(reconcile, count);
  scaleWorkload(reconcile, before > count);
  return isScaled || scaleDownOthers(reconcile);
}

function write(reconcile: Reconcile, set: ReplicaSet, count: number): boolean {
  const { replicas } = reconcile.plan;
  const isScaled = set.specReplicas !== count;
  if (count === 0 && (isScaled || set.desired !== replicas) && abortDelay(reconcile) === undefined) {
    delete set.scaleDownAt;
  }
  set.specReplicas = count;
  set.desired = replicas;
  return isScaled;
}

/**
 * Seconds that an aborted canary keeps its pods after stable is fully available; undefined for no such delay. Mirrors
 * `shouldDelayScaleDownOnAbort` in argo-rollouts `rollout/replicaset.go` and `GetAbortScaleDownDelaySecondsOrDefault` (v1.10.2).
 */
function abortDelay({ plan: { routing }, prior, sets, wish }: Reconcile): number | undefined {
  const seconds = routing?.abortScaleDownDelaySeconds;
  if (
    routing === undefined ||
    !isAborting(prior, wish) ||
    sets.stable === undefined ||
    seconds === 0 ||
    (routing.dynamicStableScale && seconds === undefined)
  ) {
    return undefined;
  }
  return seconds ?? 30;
}

/** Mirrors `reconcileNewReplicaSet` in argo-rollouts `rollout/replicaset.go` (v1.10.2). */
function scaleCanary(reconcile: Reconcile, count: number): boolean {
  const { canary, sets, plan, now } = reconcile;
  const delay = abortDelay(reconcile);
  if (delay === undefined) {
    return write(reconcile, canary, count);
  }
  if (canary.scaleDownAt === undefined) {
    canary.desired = plan.replicas;
    if ((sets.stable?.availableReplicas ?? 0) >= plan.replicas) {
      canary.scaleDownAt = Math.floor(now) + delay;
    }
    return false;
  }
  if (canary.scaleDownAt > now && canary.scaleDownAt - now < RESYNC) {
    canary.desired = plan.replicas;
    return false;
  }
  return write(reconcile, canary, canary.scaleDownAt > now ? count : 0);
}

/** Where `scaleDown` is `progressively`: scales the Deployment down as the first revision's pods become ready. */
function scaleWorkload({ state, plan, prior, canary }: Reconcile, isShrinking: boolean): void {
  if (plan.workloadScaleDown !== 'progressively' || canary.revision !== 1) {
    return;
  }
  if (prior.phase === 'Healthy') {
    state.workloadReplicas = 0;
  } else if (prior.readyReplicas > 0 || isShrinking) {
    state.workloadReplicas = Math.max(0, plan.replicas - prior.readyReplicas);
  }
}

/**
 * Removes unavailable pods of older versions, then as many others as availability allows. Mirrors
 * `scaleDownOldReplicaSetsForCanary`.
 */
function scaleDownOthers(reconcile: Reconcile): boolean {
  const { state, bounds, sets } = reconcile;
  const active = sets.others.filter(({ specReplicas }) => specReplicas > 0);
  let isScaled = false;
  for (const set of active) {
    if (set.specReplicas < set.availableReplicas) {
      // Removed pods still count as available. The controller treats that as an error and stops here.
      return isScaled;
    }
    if (set.specReplicas > set.availableReplicas) {
      isScaled = write(reconcile, set, set.availableReplicas) || isScaled;
    }
  }
  let removable = sumOf(state.replicaSets, 'availableReplicas') - (bounds.replicas - bounds.maxUnavailable);
  if (removable <= 0) {
    // False even if unavailable pods were removed above, as in the controller.
    return false;
  }
  let waiting = 0;
  // The newest revision first, which `scaleDownDelayRevisionLimit` favours.
  for (const set of active.toSorted((left, right) => right.revision - left.revision)) {
    if (removable <= 0 || set.specReplicas === 0) {
      continue;
    }
    const left = podsLeft(reconcile, set, removable, waiting);
    waiting += Number(set.scaleDownAt !== undefined);
    if (left < set.specReplicas) {
      removable -= set.specReplicas - left;
      isScaled = write(reconcile, set, left) || isScaled;
    }
  }
  return isScaled;
}

/** Pods that an older ReplicaSet keeps; with a router all until its deadline. `waiting`: newer sets that wait for theirs. */
function podsLeft(reconcile: Reconcile, set: ReplicaSet, removable: number, waiting: number): number {
  const { plan, prior, now } = reconcile;
  const { routing } = plan;
  if (routing === undefined) {
    return Math.max(0, set.specReplicas - removable);
  }
  if (isReferenced(reconcile, set)) {
    return set.specReplicas;
  }
  if (routing.dynamicStableScale || !(isFullyPromoted(prior) || set.scaleDownAt !== undefined)) {
    // No weight, Service or status refers to these pods, so they get no requests.
    return 0;
  }
  if (waiting >= (routing.scaleDownDelayRevisionLimit ?? Number.POSITIVE_INFINITY)) {
    return 0;
  }
  if (set.scaleDownAt === undefined) {
    if (routing.scaleDownDelaySeconds > 0) {
      set.scaleDownAt = Math.floor(now) + routing.scaleDownDelaySeconds;
    }
    return set.specReplicas;
  }
  return set.scaleDownAt > now ? set.specReplicas : 0;
}

/** Whether the status or a Service refers to a ReplicaSet. Mirrors `isReplicaSetReferenced`, without Istio's subsets. */
function isReferenced({ traffic, plan, prior }: Reconcile, { hash }: ReplicaSet): boolean {
  const { canary = '', stable = '' } = plan.services ?? {};
  return (
    [prior.stableRS, prior.currentPodHash, prior.weights?.canaryHash, prior.weights?.stableHash].includes(hash) ||
    [canary, stable].some((service) => traffic.services.get(service) === hash)
  );
}
