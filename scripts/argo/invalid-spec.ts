import { rolloutPhase } from './phase.ts';
import type { RolloutState } from './rollout-state.ts';

/**
 * Sets `InvalidSpec` and the phase: a reconcile does nothing else with an invalid spec. Mirrors
 * `createInvalidRolloutCondition` in argo-rollouts `rollout/controller.go` (v1.10.2).
 */
export function refuse(state: RolloutState, message: string): void {
  if (state.status.conditions.invalidSpec !== message) {
    const refused = { ...state.status, conditions: { ...state.status.conditions, invalidSpec: message } };
    state.status = { ...refused, ...rolloutPhase(state.plan, refused) };
  }
}
