import { isAborting, type PauseWish } from './pauses.ts';
import type { Plan } from './plan.ts';
import { type Conditions, isFullyPromoted, type Progressing, type RolloutStatus } from './status.ts';
import { currentStep } from './weight.ts';

/** The revision that the conditions and their messages are about. */
export interface Revision {
  readonly number: number;
  readonly canaryName: string;
  /** Whether an older ReplicaSet still keeps its pods until its scale-down deadline: the update does not time out meanwhile. */
  readonly isWaiting: boolean;
}

/** Returns the new condition, or `before` when status and reason are the same: message and time then stay as they were. */
export function setProgressing(
  before: Progressing | undefined,
  next: Omit<Progressing, 'lastUpdateTime'>,
  now: number,
): Progressing {
  const isSame = before?.status === next.status && before.reason === next.reason;
  return isSame ? before : { ...next, lastUpdateTime: Math.floor(now) };
}

/**
 * Requests an abort when an update is past its progress deadline, unless it is promoted or progressed in this reconcile.
 * Mirrors `evaluateProgressDeadlineAbort` in argo-rollouts `rollout/sync.go` (v1.10.2).
 */
export function abortAtDeadline(
  plan: Plan,
  prior: RolloutStatus,
  next: RolloutStatus,
  wish: PauseWish,
  revision: Revision,
  now: number,
): void {
  if (
    plan.progressDeadlineAbort &&
    !isAborting(prior, wish) &&
    !isFullyPromoted(next) &&
    !hasProgressed(prior, next) &&
    !isIndefinite(plan, prior) &&
    !revision.isWaiting &&
    isTimedOut(plan, prior.conditions.progressing, now)
  ) {
    wish.addAbort = timedOutMessage(revision);
  }
}

function timedOutMessage({ canaryName }: Revision): string {
  return `ReplicaSet "${canaryName}" has timed out progressing.`;
}

/**
 * The conditions of `next`, a status whose pauses and abort are decided already. `prior` is the status before this reconcile.
 * Mirrors `calculateRolloutConditions` in argo-rollouts `rollout/sync.go` (v1.10.2).
 */
export function nextConditions(
  plan: Plan,
  generation: number,
  prior: RolloutStatus,
  next: RolloutStatus,
  wish: PauseWish,
  revision: Revision,
  now: number,
): Conditions {
  const isPaused = next.pauseConditions.length > 0 || plan.isPaused;
  const healthy = isHealthy(plan, generation, prior, next);
  const becameUnhealthy = !(healthy && !isPaused) && prior.conditions.isHealthy === true;
  const isNowHealthy = healthy && !isPaused ? true : prior.conditions.isHealthy === undefined ? undefined : false;
  const before = prior.conditions.progressing;
  const set = (status: Progressing['status'], reason: string, message: string) =>
    setProgressing(before, { status, reason, message }, now);
  let progressing = before;
  if (isAborting(prior, wish)) {
    const why = wish.addAbort === undefined || wish.addAbort === '' ? '' : `: ${wish.addAbort}`;
    progressing = set('False', 'RolloutAborted', `Rollout aborted update to revision ${revision.number}${why}`);
  } else if (healthy) {
    const message = `ReplicaSet "${revision.canaryName}" has successfully progressed.`;
    progressing = set('True', 'NewReplicaSetAvailable', message);
  } else if (hasProgressed(prior, next) || becameUnhealthy) {
    const isReset = next.stableRS === next.currentPodHash && becameUnhealthy;
    progressing = {
      status: 'True',
      reason: isReset ? 'ReplicaSetNotAvailable' : 'ReplicaSetUpdated',
      message: isReset ? 'Rollout is not available' : `ReplicaSet "${revision.canaryName}" is progressing.`,
      lastUpdateTime: Math.floor(now),
    };
  } else if (!isIndefinite(plan, prior) && !revision.isWaiting && isTimedOut(plan, before, now)) {
    progressing = set('False', 'ProgressDeadlineExceeded', timedOutMessage(revision));
  }
  const { conditions } = prior;
  // The same object while nothing changed: most reconciles change nothing.
  return progressing === before && isNowHealthy === conditions.isHealthy && conditions.invalidSpec === undefined
    ? conditions
    : { ...conditions, progressing, isHealthy: isNowHealthy, invalidSpec: undefined };
}

/** Mirrors `RolloutHealthy`. */
export function isHealthy(plan: Plan, generation: number, prior: RolloutStatus, next: RolloutStatus): boolean {
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

function isTimedOut(plan: Plan, progressing: Progressing | undefined, now: number): boolean {
  if (progressing === undefined) {
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
