import type { RolloutState } from '../argo/rollout-state.ts';
import { currentStep } from '../argo/weight.ts';

/** What a person does to a Rollout: `kubectl argo rollouts …`, or an edit of its spec. */
export interface UserAction {
  readonly action:
    | 'setImage'
    | 'scale'
    | 'promote'
    | 'promoteFull'
    /** `promote --skip-current-step` and `promote --skip-all-steps`. */
    | 'skipStep'
    | 'skipAllSteps'
    /** Goes back to the revision in `arg`, or to the previous one. */
    | 'undo'
    | 'abort'
    | 'retry'
    | 'pause'
    | 'resume'
    | 'deleteTemplate';
  /** The pod template hash for `setImage`, the number of replicas for `scale`, the revision for `undo`. */
  readonly arg?: string | number;
}

/**
 * Mirrors the patches of the kubectl plugin (`pkg/kubectl-argo-rollouts/cmd`, v1.10.2). Throws TypeError for an unknown
 * action or revision.
 */
export function act(state: RolloutState, { action, arg }: UserAction): void {
  const { plan, status } = state;
  const edit = (change: Partial<RolloutState['plan']>) => {
    // The API server does not raise the generation when the spec stays the same.
    if (Object.entries(change).every(([field, value]) => plan[field as keyof typeof plan] === value)) {
      return;
    }
    state.plan = { ...plan, ...change };
    state.generation += 1;
  };
  switch (action) {
    case 'setImage':
      setTemplate(state, String(arg));
      return;
    case 'undo':
      setTemplate(state, hashOfRevision(state, Number(arg ?? 0)));
      return;
    case 'skipStep':
      state.status = { ...status, currentStepIndex: nextIndex(state) };
      return;
    case 'skipAllSteps':
      state.status = { ...status, currentStepIndex: plan.steps.length };
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
      throw new TypeError(`unknown action '${action satisfies never}'`);
  }
}

function setTemplate(state: RolloutState, hash: string): void {
  // The API server does not raise the generation when the spec stays the same.
  if (state.wantedHash !== hash) {
    state.wantedHash = hash;
    state.generation += 1;
  }
}

/** Pod template hash of a revision; 0 is the revision before the newest. */
function hashOfRevision({ replicaSets }: RolloutState, revision: number): string {
  const newestFirst = replicaSets.toSorted((left, right) => right.revision - left.revision);
  const found = revision === 0 ? newestFirst[1] : newestFirst.find((set) => set.revision === revision);
  if (found === undefined) {
    throw new TypeError(`there is no revision ${revision === 0 ? 'before this one' : revision}`);
  }
  return found.hash;
}

function nextIndex({ plan, status }: RolloutState): number {
  return Math.min((status.currentStepIndex ?? 0) + 1, plan.steps.length);
}

function promote(state: RolloutState): void {
  const { plan, status } = state;
  if (plan.isPaused) {
    state.plan = { ...plan, isPaused: false };
    state.generation += 1;
  }
  const next = nextIndex(state);
  const isStepInconclusive = status.stepRun?.phase === 'Inconclusive';
  if (isStepInconclusive && status.pauseConditions.length > 0 && status.controllerPause) {
    state.status = { ...status, pauseConditions: [], controllerPause: false, currentStepIndex: next };
  } else if (status.pauseConditions.length > 0) {
    state.status = { ...status, pauseConditions: [] };
  } else if (currentStep(plan, status) !== undefined) {
    state.status = { ...status, currentStepIndex: next };
  }
}
