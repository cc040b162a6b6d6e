import { isAborting } from './pauses.ts';
import { rolloutPhase } from './phase.ts';
import type { Plan } from './plan.ts';
import type { Reconcile } from './reconcile-context.ts';
import type { RolloutState } from './rollout-state.ts';
import { type Conditions, isFullyPromoted, type Progressing, type RolloutStatus } from './status.ts';
import { currentStep } from './weight.ts';

/** Returns the new condition, or `before` when status and reason are the same: message and time then stay as they were. */
export function setProgressing(
  before: Progressing | undefined,
  next: Omit<Progressing, 'lastUpdateTime'>,
  now: number,
): Progressing {
  const isSame = before?.status === next.status && before.reason === next.reason;
  return isSame ? before : { ...next, lastUpdateTime: Math.floor(now) };
}

/** Replaces conditions, and the phase that follows from them. */
function patch(state: RolloutState, conditions: Partial<Conditions>, change: Partial<RolloutStatus> = {}): void {
  const patched = { ...state.status, ...change, conditions: { ...state.status.conditions, ...conditions } };
  state.status = { ...patched, ...rolloutPhase(state.plan, patched) };
}

/**
 * Sets `InvalidSpec` and the phase: a reconcile does nothing else with an invalid spec. Mirrors
 * `createInvalidRolloutCondition` in argo-rollouts `rollout/controller.go` (v1.10.2).
 */
export function refuse(state: RolloutState, message: string): void {
  if (state.status.conditions.invalidSpec !== message) {
    patch(state, { invalidSpec: message });
  }
}

/**
 * Updates the conditions after a pause, a resume or a retry. Returns whether one changed: the reconcile then ends here.
 * Mirrors `checkPausedConditions` in argo-rollouts `rollout/sync.go` (v1.10.2).
 */
export function patchPauseConditions(state: RolloutState, now: number): boolean {
  const { plan, status, generation } = state;
  const { progressing, isPaused: wasPaused } = status.conditions;
  const isPaused = status.pauseConditions.length > 0 || plan.isPaused;
  const isAbortReported = progressing?.reason === 'RolloutAborted';
  const set = (reason: string, message: string) =>
    setProgressing(progressing, { status: 'Unknown', reason, message }, now);
  let next = progressing;
  if (isPaused !== (progressing?.reason === 'RolloutPaused') && !isAbortReported && !isFullyPromoted(status)) {
    next = isPaused ? set('RolloutPaused', 'Rollout is paused') : set('RolloutResumed', 'Rollout is resumed');
  }
  if (!status.isAborted && isAbortReported) {
    next = set('RolloutRetry', 'Retrying Rollout after abort');
  }
  const paused = isAbortReported ? wasPaused : isPaused;
  if (next === progressing && paused === wasPaused) {
    return false;
  }
  patch(state, { progressing: next, isPaused: paused }, { observedGeneration: generation });
  return true;
}

/**
 * Requests an abort when an update is past its progress deadline, unless it is promoted or progressed in this reconcile.
 * Mirrors `evaluateProgressDeadlineAbort` in argo-rollouts `rollout/sync.go` (v1.10.2).
 */
export function abortAtDeadline(reconcile: Reconcile, next: RolloutStatus): void {
  const { plan, prior, wish } = reconcile;
  if (
    plan.progressDeadlineAbort &&
    !isAborting(prior, wish) &&
    !isFullyPromoted(next) &&
    !hasProgressed(prior, next) &&
    isTimedOut(reconcile)
  ) {
    wish.addAbort = timedOutMessage(reconcile);
  }
}

const nameOf = ({ plan, canary }: Reconcile) => `${plan.name}-${canary.hash}`;
const timedOutMessage = (reconcile: Reconcile) => `ReplicaSet "${nameOf(reconcile)}" has timed out progressing.`;

/**
 * The conditions of `next`, a status whose pauses and abort are decided already.
 * Mirrors `calculateRolloutConditions` in argo-rollouts `rollout/sync.go` (v1.10.2).
 */
export function nextConditions(reconcile: Reconcile, next: RolloutStatus): Conditions {
  const { state, plan, prior, canary, wish, now } = reconcile;
  const { conditions } = prior;
  const isPaused = next.pauseConditions.length > 0 || plan.isPaused;
  const healthy = isHealthy(state, prior, next);
  const isNowHealthy = healthy && !isPaused ? true : conditions.isHealthy === undefined ? undefined : false;
  const becameUnhealthy = isNowHealthy === false && conditions.isHealthy === true;
  const before = conditions.progressing;
  const set = (status: Progressing['status'], reason: string, message: string) =>
    setProgressing(before, { status, reason, message }, now);
  let progressing = before;
  if (isAborting(prior, wish)) {
    const why = wish.addAbort === undefined || wish.addAbort === '' ? '' : `: ${wish.addAbort}`;
    progressing = set('False', 'RolloutAborted', `Rollout aborted update to revision ${canary.revision}${why}`);
  } else if (healthy) {
    const message = `ReplicaSet "${nameOf(reconcile)}" has successfully progressed.`;
    progressing = set('True', 'NewReplicaSetAvailable', message);
  } else if (hasProgressed(prior, next) || becameUnhealthy) {
    const isReset = next.stableRS === next.currentPodHash && becameUnhealthy;
    progressing = {
      status: 'True',
      reason: isReset ? 'ReplicaSetNotAvailable' : 'ReplicaSetUpdated',
      message: isReset ? 'Rollout is not available' : `ReplicaSet "${nameOf(reconcile)}" is progressing.`,
      lastUpdateTime: Math.floor(now),
    };
  } else if (isTimedOut(reconcile)) {
    progressing = set('False', 'ProgressDeadlineExceeded', timedOutMessage(reconcile));
  }
  // The same object while nothing changed: most reconciles change nothing.
  return progressing === before && isNowHealthy === conditions.isHealthy && conditions.invalidSpec === undefined
    ? conditions
    : { ...conditions, progressing, isHealthy: isNowHealthy, invalidSpec: undefined };
}

/** Mirrors `RolloutHealthy`. */
export function isHealthy({ plan, generation }: RolloutState, prior: RolloutStatus, next: RolloutStatus): boolean {
  return (
    next.updatedReplicas === plan.replicas &&
    next.availableReplicas === plan.replicas &&
    next.replicas === plan.replicas &&
    prior.observedGeneration === generation &&
    (plan.steps.length === 0 || next.currentStepIndex === undefined || next.currentStepIndex === plan.steps.length) &&
    next.stableRS !== '' &&
    next.stableRS === next.currentPodHash
  );
}

/** Mirrors `RolloutProgressing`. */
function hasProgressed(prior: RolloutStatus, next: RolloutStatus): boolean {
  return (
    // In the first reconcile the controller sees a new hash of the steps, which counts as progress.
    prior.currentPodHash === '' ||
    next.stableRS !== prior.stableRS ||
    (next.currentStepIndex !== undefined &&
      prior.currentStepIndex !== undefined &&
      next.currentStepIndex !== prior.currentStepIndex) ||
    next.updatedReplicas !== prior.updatedReplicas ||
    next.replicas - next.updatedReplicas < prior.replicas - prior.updatedReplicas ||
    next.readyReplicas > prior.readyReplicas ||
    next.availableReplicas > prior.availableReplicas
  );
}

/** Whether the progress deadline is suspended: at a pause or analysis step, and while the Rollout is paused. */
export function isIndefinite(plan: Plan, status: RolloutStatus): boolean {
  const step = currentStep(plan, status);
  return step?.kind === 'pause' || step?.kind === 'analysis' || status.conditions.isPaused;
}

/** Whether the update does not progress in time. While an older ReplicaSet keeps its pods until a deadline, it may take longer. */
function isTimedOut({ plan, prior, sets, now }: Reconcile): boolean {
  const { progressing } = prior.conditions;
  const isWaiting = sets.others.some(({ scaleDownAt }) => scaleDownAt !== undefined);
  if (progressing === undefined || isIndefinite(plan, prior) || isWaiting) {
    return false;
  }
  switch (progressing.reason) {
    case 'RolloutAborted':
    case 'RolloutPaused':
      return false;
    case 'ProgressDeadlineExceeded':
      return true;
    default:
      return now > progressing.lastUpdateTime + plan.progressDeadlineSeconds;
  }
}
