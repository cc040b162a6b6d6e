import { setProgressing } from './conditions.ts';
import { rolloutPhase } from './phase.ts';
import type { RolloutState } from './rollout-state.ts';
import { isFullyPromoted } from './status.ts';

/**
 * Updates the conditions after a pause, a resume or a retry. Returns whether one changed: the reconcile then ends here.
 * Mirrors `checkPausedConditions` in argo-rollouts `rollout/sync.go` (v1.10.2).
 */
export function patchPauseConditions(state: RolloutState, now: number): boolean {
  const { plan, status, generation } = state;
  const { progressing, isPaused: wasPaused } = status.conditions;
  const isPaused = status.pauseConditions.length > 0 || plan.isPaused;
  const isAbortReported = progressing?.reason === 'RolloutAborted';
  let next = progressing;
  if (isPaused !== (progressing?.reason === 'RolloutPaused') && !isAbortReported && !isFullyPromoted(status)) {
    const [reason, message] = isPaused
      ? ['RolloutPaused', 'Rollout is paused']
      : ['RolloutResumed', 'Rollout is resumed'];
    next = setProgressing(progressing, { status: 'Unknown', reason, message }, now);
  }
  if (!status.isAborted && isAbortReported) {
    const message = 'Retrying Rollout after abort';
    next = setProgressing(progressing, { status: 'Unknown', reason: 'RolloutRetry', message }, now);
  }
  const paused = isAbortReported ? wasPaused : isPaused;
  if (next === progressing && paused === wasPaused) {
    return false;
  }
  const patched = {
    ...status,
    conditions: { ...status.conditions, progressing: next, isPaused: paused },
    observedGeneration: generation,
  };
  state.status = { ...patched, ...rolloutPhase(plan, patched) };
  return true;
}
