import { setProgressing } from './conditions.ts';
import { rolloutPhase } from './phase.ts';
import type { RolloutState } from './rollout-state.ts';
import { type Conditions, isFullyPromoted, type RolloutStatus } from './status.ts';

/** Mirrors `checkPausedConditions`: the Progressing condition follows a pause one reconcile later. */
export function patchPauseConditions({ plan, status, generation }: RolloutState, now: number): RolloutStatus {
  const { progressing, isPaused: wasPaused } = status.conditions;
  const isPaused = status.pauseConditions.length > 0 || plan.isPaused;
  const isAbortTold = progressing?.reason === 'RolloutAborted';
  let next = progressing;
  if (isPaused !== (progressing?.reason === 'RolloutPaused') && !isAbortTold && !isFullyPromoted(status)) {
    const [reason, message] = isPaused
      ? ['RolloutPaused', 'Rollout is paused']
      : ['RolloutResumed', 'Rollout is resumed'];
    next = setProgressing(progressing, { status: 'Unknown', reason, message }, now);
  }
  if (!status.isAborted && isAbortTold) {
    const message = 'Retrying Rollout after abort';
    next = setProgressing(progressing, { status: 'Unknown', reason: 'RolloutRetry', message }, now);
  }
  const paused = isAbortTold ? wasPaused : isPaused;
  if (next === progressing && paused === wasPaused) {
    return status;
  }
  const patched = {
    ...status,
    conditions: { ...status.conditions, progressing: next, isPaused: paused },
    observedGeneration: generation,
  };
  return { ...patched, ...rolloutPhase(plan, patched) };
}

/** What a reconcile leaves as it was stays as it was patched before it. */
export function mergePatched(prior: RolloutStatus, patched: RolloutStatus, next: RolloutStatus): RolloutStatus {
  const conditions = equalConditions(prior.conditions, next.conditions) ? patched.conditions : next.conditions;
  const isSamePhase = prior.phase === next.phase && prior.message === next.message;
  const { phase, message } = isSamePhase ? patched : next;
  return { ...next, conditions, phase, message };
}

function equalConditions(left: Conditions, right: Conditions): boolean {
  return (
    left.progressing === right.progressing &&
    left.isPaused === right.isPaused &&
    left.isHealthy === right.isHealthy &&
    left.invalidSpec === right.invalidSpec
  );
}
