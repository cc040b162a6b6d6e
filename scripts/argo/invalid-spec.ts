import { rolloutPhase } from './phase.ts';
import type { RolloutState } from './rollout-state.ts';

/** All that a reconcile does with a spec that validation refuses. Mirrors `createInvalidRolloutCondition` in argo-rollouts `rollout/controller.go` (v1.10.2). */
export function refuse(state: RolloutState, message: string): void {
  if (state.status.conditions.invalidSpec !== message) {
    const refused = { ...state.status, conditions: { ...state.status.conditions, invalidSpec: message } };
    state.status = { ...refused, ...rolloutPhase(state.plan, refused) };
  }
}
