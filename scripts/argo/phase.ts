import type { Plan } from './plan.ts';
import { isFullyPromoted, type RolloutPhase, type RolloutStatus } from './status.ts';

/**
 * `status.phase` and `status.message`. Mirrors `CalculateRolloutPhase` in argo-rollouts `utils/rollout/rolloututil.go`
 * (v1.10.2).
 */
export function rolloutPhase(
  plan: Plan,
  status: RolloutStatus,
): { readonly phase: RolloutPhase; readonly message: string } {
  const { invalidSpec, progressing } = status.conditions;
  // The controller takes the first condition of the list that applies; InvalidSpec can only be added after Progressing.
  if (progressing?.reason === 'RolloutAborted' || progressing?.reason === 'ProgressDeadlineExceeded') {
    return { phase: 'Degraded', message: `${progressing.reason}: ${progressing.message}` };
  }
  if (invalidSpec !== undefined) {
    return { phase: 'Degraded', message: `InvalidSpec: ${invalidSpec}` };
  }
  if (plan.isPaused) {
    return { phase: 'Paused', message: 'manually paused' };
  }
  const [pause] = status.pauseConditions;
  if (pause !== undefined) {
    return { phase: 'Paused', message: pause.reason };
  }
  const message = unfinished(plan, status);
  return message === undefined ? { phase: 'Healthy', message: '' } : { phase: 'Progressing', message };
}

function unfinished(plan: Plan, status: RolloutStatus): string | undefined {
  if (status.updatedReplicas < plan.replicas) {
    return 'more replicas need to be updated';
  }
  if (status.availableReplicas < status.updatedReplicas) {
    return 'updated replicas are still becoming available';
  }
  if (plan.routing === undefined && status.replicas > status.updatedReplicas) {
    return 'old replicas are pending termination';
  }
  return isFullyPromoted(status) ? undefined : 'waiting for all steps to complete';
}
