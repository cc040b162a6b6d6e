import type { Plan } from '../argo/plan.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import type { RolloutStatus } from '../argo/status.ts';
import { currentStep } from '../argo/weight.ts';

/** What a person does to a Rollout: `kubectl argo rollouts …`, or an edit of its spec. */
export interface UserAction {
  readonly action: keyof typeof ACTIONS;
  /** The pod template hash for `setImage`, the number of replicas for `scale`, the revision for `undo`. */
  readonly arg?: string | number;
}

/** What an action changes. `wantedHash` and `plan` are the spec, but for the plan's `invalid`. */
interface Change {
  readonly wantedHash?: string;
  readonly plan?: Partial<Plan>;
  readonly status?: Partial<RolloutStatus>;
}

/** Mirrors the patches of the kubectl plugin (`pkg/kubectl-argo-rollouts/cmd`, v1.10.2). */
const ACTIONS = {
  setImage: (_, arg) => ({ wantedHash: String(arg) }),
  scale: (_, arg) => ({ plan: { replicas: Number(arg) } }),
  promote,
  promoteFull: ({ status }) => ({
    plan: { isPaused: false },
    status: { isPromoteFull: status.currentPodHash !== status.stableRS },
  }),
  /** `promote --skip-current-step` and `promote --skip-all-steps`. */
  skipStep: (state) => ({ status: { currentStepIndex: nextIndex(state) } }),
  skipAllSteps: ({ plan }) => ({ status: { currentStepIndex: plan.steps.length } }),
  /** Goes back to the revision in `arg`, or to the previous one. */
  undo: (state, arg) => ({ wantedHash: hashOfRevision(state, Number(arg ?? 0)) }),
  abort: () => ({ status: { isAborted: true } }),
  retry: () => ({ status: { isAborted: false } }),
  pause: () => ({ plan: { isPaused: true } }),
  resume: promote,
  deleteTemplate: ({ plan }) => ({
    plan: {
      invalid: `The Rollout "${plan.name}" is invalid: spec.strategy.canary.analysis.templates: Invalid value: "checks": AnalysisTemplate 'checks' not found`,
    },
  }),
} satisfies Record<string, (state: RolloutState, arg: UserAction['arg']) => Change>;

/** Throws TypeError for an unknown action or revision. */
export function act(state: RolloutState, { action, arg }: UserAction): void {
  const change: ((state: RolloutState, arg: UserAction['arg']) => Change) | undefined = ACTIONS[action];
  if (change === undefined) {
    throw new TypeError(`unknown action '${action}'`);
  }
  const { wantedHash = state.wantedHash, plan = {}, status } = change(state, arg);
  const edited = Object.entries(plan).filter(([field, value]) => state.plan[field as keyof Plan] !== value);
  // The API server does not raise the generation when the spec stays the same.
  if (wantedHash !== state.wantedHash || edited.some(([field]) => field !== 'invalid')) {
    state.generation += 1;
  }
  state.wantedHash = wantedHash;
  state.plan = edited.length === 0 ? state.plan : { ...state.plan, ...plan };
  state.status = { ...state.status, ...status };
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

function promote(state: RolloutState): Change {
  const { plan, status } = state;
  const next = { currentStepIndex: nextIndex(state) };
  const isPaused = status.pauseConditions.length > 0;
  const run = state.runs.find(({ name }) => name === status.stepRun);
  const isStepInconclusive = run?.phase === 'Inconclusive' && status.controllerPause;
  return {
    plan: { isPaused: false },
    status: {
      ...(isPaused && { pauseConditions: [] }),
      ...(isPaused && isStepInconclusive && { controllerPause: false, ...next }),
      ...(!isPaused && currentStep(plan, status) !== undefined && next),
    },
  };
}
