import type { Plan, Step } from './plan.ts';
import { isFullyPromoted, type RolloutStatus } from './status.ts';

/** The current step of a Rollout; undefined after the last one. */
export function currentStep(plan: Plan, status: RolloutStatus): Step | undefined {
  return plan.steps[status.currentStepIndex ?? 0];
}

/** The weight in force without a traffic router, integer percent 0–100. Mirrors `GetCanaryReplicasOrWeight` and `GetCurrentSetWeight` (v1.10.2). */
export function weightInForce(plan: Plan, status: RolloutStatus): number {
  if (status.isPromoteFull || status.stableRS === '' || isFullyPromoted(status)) {
    return 100;
  }
  return setWeight(plan, status);
}

/** The share of the requests that a weight is, 0–100 percent. */
export function percentOf({ routing }: Pick<Plan, 'routing'>, weight: number): number {
  return (100 * weight) / (routing?.maxWeight ?? 100);
}

/**
 * `SetWeight` as in `kubectl argo rollouts get rollout`: that of the last `setWeight` step so far, 0 before it and when aborted,
 * `maxWeight` after the last step.
 */
export function setWeight(plan: Plan, status: RolloutStatus): number {
  const maxWeight = plan.routing?.maxWeight ?? 100;
  if (status.isAborted) {
    return 0;
  }
  if (currentStep(plan, status) === undefined) {
    return maxWeight;
  }
  for (let index = status.currentStepIndex ?? 0; index >= 0; index -= 1) {
    const step = plan.steps[index];
    if (step?.kind === 'setWeight') {
      return step.weight;
    }
  }
  return 0;
}
