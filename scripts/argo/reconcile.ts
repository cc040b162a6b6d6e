import { createCanary, findCanary, isRollbackWithinWindow } from './canary-set.ts';
import { abortAtDeadline, nextConditions, patchPauseConditions, refuse } from './conditions.ts';
import { createPauseWish, isAborting, pauseStatus } from './pauses.ts';
import { rolloutPhase } from './phase.ts';
import type { Plan } from './plan.ts';
import { resolveSurge } from './pods.ts';
import type { Reconcile } from './reconcile-context.ts';
import { type ReplicaSet, sumOf } from './replica-set.ts';
import { scaleReplicaSets } from './replica-set-writes.ts';
import { reconcileRuns } from './rollout-runs.ts';
import type { RolloutState } from './rollout-state.ts';
import { routedPodCounts } from './routed-scaling.ts';
import { type Routed, routeTraffic } from './router.ts';
import { hasEnoughPods, isAtPodCounts, nextPodCounts } from './scaling.ts';
import { pointServices } from './services.ts';
import { hasPause, isFullyPromoted, type RolloutStatus } from './status.ts';
import { createTraffic } from './traffic-routing.ts';
import { currentStep, weightInForce } from './weight.ts';

/** Why the Rollout is reconciled again by itself: the reconcile failed, or the router does not report the weight yet. */
export type LookAgain = 'gave-up' | 'unverified' | undefined;

/**
 * One reconcile at `now` (seconds since the epoch), in the order of `reconcile` and `rolloutCanary` in argo-rollouts
 * `rollout/context.go` and `rollout/canary.go` (v1.10.2), without experiments. Call it again while it changes something, and
 * whenever pods, runs or the spec change.
 */
export function reconcileRollout(state: RolloutState, now: number): LookAgain {
  if (state.plan.invalid !== undefined) {
    refuse(state, state.plan.invalid);
    return undefined;
  }
  const canary = findCanary(state);
  if (canary === undefined) {
    createCanary(state, now);
    return undefined;
  }
  if (patchPauseConditions(state, now)) {
    return undefined;
  }
  const { plan, status: prior } = state;
  const stable = state.replicaSets.find(({ hash }) => hash === prior.stableRS);
  const others = state.replicaSets.filter((set) => set !== canary && set !== stable);
  const bounds = { replicas: plan.replicas, ...resolveSurge(plan.maxSurge, plan.maxUnavailable, plan.replicas) };
  const sets = { canary, stable, others };
  const isRollback = isRollbackWithinWindow(state, canary, stable);
  const podCounts: Reconcile['podCounts'] = (weights) =>
    plan.routing === undefined
      ? nextPodCounts(bounds, weightInForce(plan, prior), sets)
      : routedPodCounts(plan, plan.routing, prior, sets, weights);
  const wish = createPauseWish();
  state.traffic ??= createTraffic();
  const { traffic } = state;
  const reconcile: Reconcile = { state, traffic, plan, prior, sets, canary, bounds, podCounts, isRollback, wish, now };
  // After a full promotion there is no update that could be aborted.
  wish.removeAbort = prior.isAborted && isFullyPromoted(prior);
  if (isRescaled(canary, plan) || isRescaled(stable, plan)) {
    // `spec.replicas` changed: this reconcile only scales.
    if (!isHalted(reconcile)) {
      scaleReplicaSets(reconcile, prior.weights);
    }
    state.status = finished(reconcile, { ...prior, availableReplicas: sumOf(state.replicaSets, 'availableReplicas') });
    return undefined;
  }
  // Another version is wanted. The very first reconcile counts as that too: there is no hash yet.
  if (prior.currentPodHash !== canary.hash) {
    state.status = finished(reconcile, startOver(reconcile));
    return undefined;
  }
  const routed = reconcileTraffic(reconcile);
  if (routed.isStuck) {
    return 'gave-up';
  }
  const next = playRelease(reconcile, routed);
  if (next === undefined) {
    return 'gave-up';
  }
  state.status = finished(reconcile, next);
  return routed.isAwaited === true ? 'unverified' : undefined;
}

/** Updates the Services before the router, because the router's weights apply to the Services. */
function reconcileTraffic(reconcile: Reconcile): Routed {
  const { routing } = reconcile.plan;
  pointServices(reconcile);
  return routing === undefined ? { weights: undefined } : routeTraffic(reconcile, routing);
}

function isRescaled(set: ReplicaSet | undefined, { replicas }: Plan): boolean {
  return set !== undefined && set.specReplicas > 0 && set.desired !== replicas;
}

/** Reconciles analyses, pods and pauses, and returns the next status; undefined where the reconcile fails. */
function playRelease(reconcile: Reconcile, routed: Routed): RolloutStatus | undefined {
  const { wish } = reconcile;
  const current = reconcileRuns(reconcile);
  if (current === undefined) {
    return undefined;
  }
  // Before scaling: the controller checks the ReplicaSets as it read them, not as this reconcile writes them.
  const isComplete = isStepComplete(reconcile, routed);
  if (wish.addPause === undefined) {
    const isScaled = !isHalted(reconcile) && scaleReplicaSets(reconcile, routed.weights);
    if (!isScaled) {
      beginPause(reconcile);
    }
  }
  const base: RolloutStatus = {
    ...withPods(reconcile),
    weights: routed.weights,
    backgroundRun: current.background?.name,
    stepRun: current.step?.name,
  };
  return advance(reconcile, base, isComplete);
}

/** Begins the pause of a pause step, the first time that a reconcile reaches the step. */
function beginPause({ plan, prior, wish }: Reconcile): void {
  const isPause = currentStep(plan, prior)?.kind === 'pause';
  if (
    isPause &&
    !plan.isPaused &&
    !prior.isPromoteFull &&
    !hasPause(prior, 'CanaryPauseStep') &&
    !prior.controllerPause
  ) {
    wish.addPause = 'CanaryPauseStep';
  }
}

/**
 * The next status: promoted, aborted, or at the next step; the first of these that applies. Mirrors
 * `syncRolloutStatusCanary`.
 */
function advance(reconcile: Reconcile, base: RolloutStatus, isComplete: boolean): RolloutStatus {
  const { plan, prior, canary, sets, isRollback, wish } = reconcile;
  const stepCount = plan.steps.length;
  const end = stepCount > 0 ? stepCount : undefined;
  let index = stepCount > 0 ? (prior.currentStepIndex ?? 0) : undefined;
  if (prior.isPromoteFull || isRollback) {
    wish.clearPauses = true;
    wish.removeAbort = true;
    index = end;
  }
  const hasAllPods =
    canary.availableReplicas >= plan.replicas || hasEnoughPods(canary, plan.replicas, plan.progressThreshold);
  // When the stable version is wanted again, no step is left, whatever the index.
  const isLast = prior.isPromoteFull || isRollback || canary.hash === prior.stableRS || prior.currentStepIndex === end;
  if (sets.stable === undefined || (!isAborting(prior, wish) && hasAllPods && isLast)) {
    wish.clearPauses = true;
    wish.removeAbort = true;
    return promoted(reconcile, { ...base, isPromoteFull: false, currentStepIndex: end });
  }
  if (isAborting(prior, wish)) {
    return { ...base, currentStepIndex: isFullyPromoted(base) ? end : stepCount > 0 ? 0 : undefined };
  }
  if (!plan.isPaused && isComplete) {
    wish.removeStepPause = true;
    return { ...base, currentStepIndex: (index ?? 0) + 1, stepRun: undefined };
  }
  return { ...base, currentStepIndex: index };
}

/** `next` with the wanted version as stable; with `pingPong` the two Services swap roles. Mirrors `promoteStable`. */
function promoted({ state, plan, prior, canary }: Reconcile, next: RolloutStatus): RolloutStatus {
  if (plan.workloadScaleDown === 'onsuccess' && canary.revision === 1 && prior.phase === 'Healthy') {
    state.workloadReplicas = 0;
  }
  if (plan.services?.pingPong === undefined || isFullyPromoted(next)) {
    return { ...next, stableRS: next.currentPodHash };
  }
  return { ...next, stableRS: next.currentPodHash, stablePingPong: prior.stablePingPong === 'ping' ? 'pong' : 'ping' };
}

/** Mirrors `completedCurrentCanaryStep`. */
function isStepComplete({ plan, prior, state, sets, podCounts, now }: Reconcile, routed: Routed): boolean {
  const step = currentStep(plan, prior);
  switch (step?.kind) {
    case undefined:
      return false;
    case 'setWeight':
      return isAtPodCounts(podCounts(routed.weights), sets, plan) && routed.isVerified !== false;
    case 'setCanaryScale':
      return isAtPodCounts(podCounts(routed.weights), sets, plan);
    case 'setHeaderRoute':
    case 'setMirrorRoute':
      return true;
    case 'analysis':
      return state.runs.some(({ name, phase }) => name === prior.stepRun && phase === 'Successful');
    case 'pause': {
      const pause = prior.pauseConditions.find(({ reason }) => reason === 'CanaryPauseStep');
      return pause === undefined
        ? prior.controllerPause
        : step.seconds !== undefined && now > pause.startTime + step.seconds;
    }
    default:
      return step satisfies never;
  }
}

/** The status when another version is wanted: the first step, or after the last one when going back to stable. */
function startOver(reconcile: Reconcile): RolloutStatus {
  const { plan, prior, canary, isRollback, wish } = reconcile;
  wish.clearPauses = true;
  wish.removeAbort = true;
  const isBack = canary.hash === prior.stableRS || (isRollback && canary.specReplicas > 0);
  const index = plan.steps.length === 0 ? undefined : isBack ? plan.steps.length : 0;
  return {
    ...withPods(reconcile),
    isPromoteFull: false,
    currentStepIndex: index,
    backgroundRun: undefined,
    stepRun: undefined,
  };
}

function withPods({ prior, state, canary }: Reconcile): RolloutStatus {
  return {
    ...prior,
    currentPodHash: canary.hash,
    replicas: sumOf(state.replicaSets, 'replicas'),
    updatedReplicas: canary.replicas,
    readyReplicas: sumOf(state.replicaSets, 'readyReplicas'),
    availableReplicas: sumOf(state.replicaSets, 'availableReplicas'),
  };
}

/**
 * Completes a status with abort, pauses, conditions and phase. Mirrors `persistRolloutStatus` in argo-rollouts
 * `rollout/sync.go` (v1.10.2).
 */
function finished(reconcile: Reconcile, next: RolloutStatus): RolloutStatus {
  const { state, plan, prior, wish, now } = reconcile;
  abortAtDeadline(reconcile, next);
  const decided = { ...next, ...pauseStatus(prior, wish, now), observedGeneration: state.generation };
  const status = { ...decided, conditions: nextConditions(reconcile, decided) };
  return { ...status, ...rolloutPhase(plan, status) };
}

function isHalted({ plan, prior }: Reconcile): boolean {
  return plan.isPaused || hasPause(prior, 'InconclusiveAnalysisRun');
}
