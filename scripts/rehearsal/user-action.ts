import type { RolloutState } from '../argo/rollout-state.ts';
import { currentStep } from '../argo/weight.ts';

/** What a person does to a Rollout: `kubectl argo rollouts …`, or an edit of its spec. */
export interface UserAction {
  readonly action:
    | 'setImage'
    | 'scale'
    | 'promote'
    | 'promoteFull'
    | 'abort'
    | 'retry'
    | 'pause'
    | 'resume'
    | 'deleteTemplate';
  /** The pod template hash for `setImage`, the number of replicas for `scale`. */
  readonly arg?: string | number;
}

/** Mirrors the patches of the kubectl plugin (`pkg/kubectl-argo-rollouts/cmd`, v1.10.2). */
export function act(state: RolloutState, { action, arg }: UserAction): void {
  const { plan, status } = state;
  const edit = (change: Partial<RolloutState['plan']>) => {
    // The API server counts no generation for a spec that stays the same.
    if (Object.entries(change).every(([field, value]) => plan[field as keyof typeof plan] === value)) {
      return;
    }
    state.plan = { ...plan, ...change };
    state.generation += 1;
  };
  switch (action) {
    case 'setImage':
      if (state.wantedHash !== String(arg)) {
        state.wantedHash = String(arg);
        state.generation += 1;
      }
      return;
    case 'scale':
      edit({ replicas: Number(arg) });
      return;
    case 'pause':
      edit({ isPaused: true });
      return;
    case 'resume':
    case 'promote':
      promote(state);
      return;
    case 'promoteFull':
      if (plan.isPaused) {
        edit({ isPaused: false });
      }
      state.status = { ...status, isPromoteFull: status.currentPodHash !== status.stableRS };
      return;
    case 'abort':
      state.status = { ...status, isAborted: true };
      return;
    case 'retry':
      state.status = { ...status, isAborted: false };
      return;
    case 'deleteTemplate':
      state.plan = {
        ...plan,
        invalid: `The Rollout "${plan.name}" is invalid: spec.strategy.canary.analysis.templates: Invalid value: "checks": AnalysisTemplate 'checks' not found`,
      };
      return;
    default:
      action satisfies never;
  }
}

function promote(state: RolloutState): void {
  const { plan, status } = state;
  if (plan.isPaused) {
    state.plan = { ...plan, isPaused: false };
    state.generation += 1;
  }
  const next = Math.min((status.currentStepIndex ?? 0) + 1, plan.steps.length);
  const isStepInconclusive = status.stepRun?.phase === 'Inconclusive';
  if (isStepInconclusive && status.pauseConditions.length > 0 && status.controllerPause) {
    state.status = { ...status, pauseConditions: [], controllerPause: false, currentStepIndex: next };
  } else if (status.pauseConditions.length > 0) {
    state.status = { ...status, pauseConditions: [] };
  } else if (currentStep(plan, status) !== undefined) {
    state.status = { ...status, currentStepIndex: next };
  }
}
