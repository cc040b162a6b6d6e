import { isAborting, type PauseWish } from './pauses.ts';
import type { Plan } from './plan.ts';
import type { Conditions, Progressing, RolloutStatus } from './status.ts';
import { currentStep } from './weight.ts';

/** What the conditions are about. */
export interface Revision {
  readonly number: number;
  readonly canaryName: string;
}

/** Sets the condition unless status and reason are the same: then its text and time stay. */
export function setProgressing(
  before: Progressing | undefined,
  next: Omit<Progressing, 'lastUpdateTime'>,
  now: number,
): Progressing {
  const isSame = before?.status === next.status && before.reason === next.reason;
  return isSame ? before : { ...next, lastUpdateTime: Math.floor(now) };
}

/**
 * The conditions of a new status; may ask for an abort, when the deadline has passed. `prior` is the status before this reconcile.
 * Mirrors `calculateRolloutConditions` in argo-rollouts `rollout/sync.go` (v1.9.1).
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
  const wasPaused = prior.pauseConditions.length > 0 || plan.isPaused;
  const healthy = isHealthy(plan, generation, prior, next);
  const becameUnhealthy = !(healthy && !wasPaused) && prior.conditions.isHealthy === true;
  const isNowHealthy = healthy && !wasPaused ? true : prior.conditions.isHealthy === undefined ? undefined : false;
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
  } else if (!isIndefinite(plan, prior) && isTimedOut(plan, before, now)) {
    const message = `ReplicaSet "${revision.canaryName}" has timed out progressing.`;
    progressing = set('False', 'ProgressDeadlineExceeded', message);
    if (plan.progressDeadlineAbort) {
      wish.addAbort = message;
    }
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
    // The hash of the steps is new then.
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

/** Whether the deadline's clock stands still. */
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
