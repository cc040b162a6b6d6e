import { ensureCanary, isRollbackWithinWindow } from './canary-set.ts';
import { nextConditions } from './conditions.ts';
import { refuse } from './invalid-spec.ts';
import { mergePatched, patchPauseConditions } from './pause-conditions.ts';
import { createPauseWish, isAborting, type PauseWish, pauseStatus } from './pauses.ts';
import { rolloutPhase } from './phase.ts';
import type { Plan } from './plan.ts';
import { resolveSurge } from './pods.ts';
import { type ReplicaSet, type ReplicaSets, sumOf } from './replica-set.ts';
import { scaleReplicaSets } from './replica-set-writes.ts';
import { reconcileRuns, runStatus } from './rollout-runs.ts';
import type { RolloutState } from './rollout-state.ts';
import { type Bounds, isAtNextPodCounts } from './scaling.ts';
import { hasPause, isFullyPromoted, type RolloutStatus } from './status.ts';
import { currentStep, weightInForce } from './weight.ts';

/** One reconcile: what it sees and what it wants. */
interface Reconcile {
  readonly state: RolloutState;
  readonly plan: Plan;
  /** As it was before. */
  readonly prior: RolloutStatus;
  readonly sets: ReplicaSets;
  readonly canary: ReplicaSet;
  readonly bounds: Bounds;
  readonly isRollback: boolean;
  readonly wish: PauseWish;
  readonly now: number;
}

/**
 * One reconcile at `now` (seconds since the epoch), in the order of `reconcile` and `rolloutCanary` in argo-rollouts
 * `rollout/context.go` and `rollout/canary.go` (v1.9.1), for a basic canary: no traffic router, no experiments. Call it again as
 * long as it changes something, and whenever pods, runs or the spec change.
 */
export function reconcileRollout(state: RolloutState, now: number): void {
  if (state.plan.invalid !== undefined) {
    refuse(state, state.plan.invalid);
    return;
  }
  const canary = ensureCanary(state, now);
  const patched = patchPauseConditions(state, now);
  const { plan, status: prior } = state;
  const stable = state.replicaSets.find(({ hash }) => hash === prior.stableRS);
  const others = state.replicaSets.filter((set) => set !== canary && set !== stable);
  const bounds = { replicas: plan.replicas, ...resolveSurge(plan.maxSurge, plan.maxUnavailable, plan.replicas) };
  const sets = { canary, stable, others };
  const isRollback = isRollbackWithinWindow(state, canary, stable);
  const reconcile: Reconcile = { state, plan, prior, sets, canary, bounds, isRollback, wish: createPauseWish(), now };
  if (isRescaled(canary, plan) || isRescaled(stable, plan)) {
    // The scale changed: only pods are seen to.
    if (!isHalted(reconcile)) {
      scaleReplicaSets(bounds, weightInForce(plan, prior), sets);
    }
    const availableReplicas = sumOf(state.replicaSets, 'availableReplicas');
    const next = { ...prior, availableReplicas, observedGeneration: state.generation };
    state.status = mergePatched(prior, patched, { ...next, ...rolloutPhase(plan, next) });
    return;
  }
  // Nothing is under way that could be aborted.
  reconcile.wish.removeAbort = prior.isAborted && isFullyPromoted(prior);
  // The first reconcile of all counts as a change of steps.
  const isOther = prior.currentPodHash !== canary.hash;
  const next = isOther ? startOver(reconcile) : playRelease(reconcile);
  if (next !== undefined) {
    state.status = mergePatched(prior, patched, finished(reconcile, next));
  }
}

function isRescaled(set: ReplicaSet | undefined, { replicas }: Plan): boolean {
  return set !== undefined && set.specReplicas > 0 && set.desired !== replicas;
}

/** Pods, analyses, pauses, and then what the status says of it all; undefined where the reconcile fails. */
function playRelease(reconcile: Reconcile): RolloutStatus | undefined {
  const { state, plan, prior, sets, canary, bounds, isRollback, wish } = reconcile;
  const isSkipped = prior.isAborted || prior.isPromoteFull || prior.stableRS === '' || isRollback;
  const current = reconcileRuns({ plan, status: prior, canary, runs: state.runs, wish, isSkipped });
  if (current === undefined) {
    return undefined;
  }
  // The controller judges the ReplicaSets as it read them, not as it writes them now.
  const isWeightReached =
    currentStep(plan, prior)?.kind === 'setWeight' && isAtNextPodCounts(bounds, weightInForce(plan, prior), sets);
  if (wish.addPause === undefined) {
    const isScaled = !isHalted(reconcile) && scaleReplicaSets(bounds, weightInForce(plan, prior), sets);
    if (!isScaled) {
      beginPause(reconcile);
    }
  }
  const base: RolloutStatus = {
    ...withPods(reconcile),
    backgroundRun: runStatus(current.background, prior.backgroundRun),
    stepRun: runStatus(current.step, prior.stepRun),
  };
  return advance(reconcile, base, isWeightReached);
}

/** The first visit of a pause step. */
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

/** Promotion, abort, or the next step, whichever comes first. Mirrors `syncRolloutStatusCanary`. */
function advance(reconcile: Reconcile, base: RolloutStatus, isWeightReached: boolean): RolloutStatus {
  const { plan, prior, canary, sets, isRollback, wish } = reconcile;
  const stepCount = plan.steps.length;
  const end = stepCount > 0 ? stepCount : undefined;
  let index = stepCount > 0 ? (prior.currentStepIndex ?? 0) : undefined;
  if (prior.isPromoteFull || isRollback) {
    wish.clearPauses = true;
    wish.removeAbort = true;
    index = end;
  }
  const hasAllPods = canary.availableReplicas >= plan.replicas;
  const isComplete = prior.isPromoteFull || isRollback || prior.currentStepIndex === end;
  if (sets.stable === undefined || (!isAborting(prior, wish) && hasAllPods && isComplete)) {
    wish.clearPauses = true;
    wish.removeAbort = true;
    return { ...base, isPromoteFull: false, currentStepIndex: end, stableRS: base.currentPodHash };
  }
  if (isAborting(prior, wish)) {
    return { ...base, currentStepIndex: isFullyPromoted(base) ? end : stepCount > 0 ? 0 : undefined };
  }
  if (!plan.isPaused && isStepComplete(reconcile, isWeightReached)) {
    wish.removeStepPause = true;
    return { ...base, currentStepIndex: (index ?? 0) + 1, stepRun: undefined };
  }
  return { ...base, currentStepIndex: index };
}

function isStepComplete({ plan, prior, state, now }: Reconcile, isWeightReached: boolean): boolean {
  const step = currentStep(plan, prior);
  switch (step?.kind) {
    case undefined:
      return false;
    case 'setWeight':
      return isWeightReached;
    case 'analysis':
      return state.runs.some(({ name, phase }) => name === prior.stepRun?.name && phase === 'Successful');
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

/** Another version is wanted, or the stable one again. */
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

/** Conditions, pauses, phase. */
function finished({ state, plan, prior, canary, wish, now }: Reconcile, next: RolloutStatus): RolloutStatus {
  const revision = { number: canary.revision, canaryName: `${plan.name}-${canary.hash}` };
  const conditions = nextConditions(plan, state.generation, prior, next, wish, revision, now);
  const status = {
    ...next,
    conditions,
    ...pauseStatus(prior, wish, now),
    observedGeneration: state.generation,
  };
  return { ...status, ...rolloutPhase(plan, status) };
}

function isHalted({ plan, prior }: Reconcile): boolean {
  return plan.isPaused || hasPause(prior, 'InconclusiveAnalysisRun');
}
