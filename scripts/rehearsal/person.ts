import type { RolloutState } from '../argo/rollout-state.ts';
import { currentStep } from '../argo/weight.ts';

/**
 * When a simulated person promotes a release that waits at a pause without duration, seconds since the epoch; infinite while none
 * does. `afterSeconds` is how long the person lets each such pause last.
 */
export function nextPromotion({ plan, status }: RolloutState, afterSeconds: number): number {
  const step = currentStep(plan, status);
  const pause = status.pauseConditions.find(({ reason }) => reason === 'CanaryPauseStep');
  const waits = pause !== undefined && step?.kind === 'pause' && step.seconds === undefined;
  return waits && !plan.isPaused ? pause.startTime + afterSeconds : Number.POSITIVE_INFINITY;
}
