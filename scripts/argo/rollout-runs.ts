import { type AnalysisRun, type AnalysisSpec, createAnalysisRun } from './analysis-run.ts';
import { isCompleted } from './metric.ts';
import { isAborting, type PauseWish } from './pauses.ts';
import type { Reconcile } from './reconcile-context.ts';
import { hasPause, isFullyPromoted, type RolloutStatus } from './status.ts';
import { currentStep } from './weight.ts';

/** The AnalysisRuns that the next status names. */
export interface CurrentRuns {
  readonly background: AnalysisRun | undefined;
  readonly step: AnalysisRun | undefined;
}

/** All AnalysisRuns of a Rollout, oldest first; the engine appends. */
export type Runs = AnalysisRun[];

/**
 * Creates and cancels the AnalysisRuns of a release, and pauses or aborts by their phase. Undefined where a run cannot be
 * created: the controller's reconcile fails then. Mirrors `reconcileAnalysisRuns` in argo-rollouts `rollout/analysis.go`
 * (v1.10.2).
 */
export function reconcileRuns(reconcile: Reconcile): CurrentRuns | undefined {
  const { prior, wish, isRollback } = reconcile;
  const { runs } = reconcile.state;
  const background = runs.find(({ name }) => name === prior.backgroundRun);
  const step = runs.find(({ name }) => name === prior.stepRun);
  if (isFullyPromoted(prior) || isAborting(prior, wish) || prior.isPromoteFull || prior.stableRS === '' || isRollback) {
    cancel(...runs);
    return { background: undefined, step: undefined };
  }
  const current = { step: stepRun(reconcile, step), background: backgroundRun(reconcile, background) };
  if ([current.step, current.background].some((run) => run?.spec.cannotBeMade !== undefined)) {
    return undefined;
  }
  for (const run of runs) {
    // A run that the status named until now is cancelled in the next reconcile, when it is no longer named.
    if (run !== background && run !== step && run !== current.background && run !== current.step) {
      cancel(run);
    }
  }
  return current;
}

function backgroundRun(reconcile: Reconcile, run: AnalysisRun | undefined): AnalysisRun | undefined {
  const { plan, prior: status } = reconcile;
  const { analysis } = plan;
  if (analysis === undefined) {
    cancel(run);
    return undefined;
  }
  const isBefore = analysis.startingStep !== undefined && (status.currentStepIndex ?? 0) < analysis.startingStep;
  if (isBefore && plan.steps.length > 0) {
    return undefined;
  }
  if (hasPause(status, 'InconclusiveAnalysisRun')) {
    return run;
  }
  if (run === undefined || needsNewRun(run, status)) {
    return create(reconcile, analysis.spec);
  }
  passOn(run, reconcile.wish, 'Background analysis phase error/failed');
  return run;
}

function stepRun(reconcile: Reconcile, run: AnalysisRun | undefined): AnalysisRun | undefined {
  const { plan, prior: status } = reconcile;
  if (status.pauseConditions.length > 0 || status.isAborted) {
    return run;
  }
  const step = currentStep(plan, status);
  const spec = step?.kind === 'analysis' ? step.spec : undefined;
  if (spec === undefined || (run !== undefined && run.step !== status.currentStepIndex)) {
    cancel(run);
    return undefined;
  }
  if (run === undefined || needsNewRun(run, status)) {
    return create(reconcile, spec, status.currentStepIndex);
  }
  passOn(run, reconcile.wish, 'Step-based analysis phase error/failed');
  return run;
}

/** Mirrors `needsNewAnalysisRun`: after a person promoted past an Inconclusive run, and after a retry. */
function needsNewRun(run: AnalysisRun, status: RolloutStatus): boolean {
  if (status.controllerPause && !hasPause(status, 'CanaryPauseStep')) {
    return run.phase === 'Inconclusive';
  }
  return status.abortedAt !== undefined;
}

/** Pauses the release for an Inconclusive run, aborts it for one that is an Error or Failed. */
function passOn(run: AnalysisRun, wish: PauseWish, message: string): void {
  if (run.phase === 'Inconclusive') {
    wish.addPause = 'InconclusiveAnalysisRun';
  } else if (run.phase === 'Error' || run.phase === 'Failed') {
    wish.addAbort = run.message === '' ? message : `${message}: ${run.message}`;
  }
}

function create({ plan, canary, state: { runs } }: Reconcile, spec: AnalysisSpec, step?: number): AnalysisRun {
  const base = [plan.name, canary.hash, canary.revision, step].filter((part) => part !== undefined).join('-');
  // Reuse an unfinished run of that name and spec.
  for (let collision = 0; ; collision += 1) {
    const name = collision === 0 ? base : `${base}.${collision}`;
    const existing = runs.find((run) => run.name === name);
    if (existing !== undefined && !isCompleted(existing.phase) && existing.spec === spec) {
      return existing;
    }
    if (existing === undefined) {
      const run = createAnalysisRun(name, spec, canary.hash, step);
      if (spec.cannotBeMade === undefined) {
        runs.push(run);
      }
      return run;
    }
  }
}

function cancel(...runs: readonly (AnalysisRun | undefined)[]): void {
  for (const run of runs) {
    if (run !== undefined && !isCompleted(run.phase)) {
      run.isTerminated = true;
    }
  }
}
