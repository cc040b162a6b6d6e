import type { Machine } from '../rehearsal/local/machine.ts';
import type { LocalOutcome } from '../rehearsal/local/options.ts';
import { playLocal } from '../rehearsal/local/world.ts';
import { assumedMeasures } from '../rehearsal/measures.ts';
import type { Assumptions } from '../rehearsal/model/assumptions.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import { brokenExpectations, type Outcome } from '../rehearsal/outcome.ts';
import type { Result } from '../rehearsal/result.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import type { Workload } from '../rehearsal/workload.ts';
import type { View } from '../render/live-view.ts';
import type { RehearseOptions } from './rehearse-options.ts';

/** One scenario to be played with the workload as it changes it. */
export interface Job {
  readonly scenario: Scenario;
  readonly workload: Workload;
}

/** What the model world says of it, at once. */
export function predict({ scenario, workload }: Job, assumptions: Assumptions): Result {
  const model = createModel(workload, assumptions);
  const result = resultOf({ scenario, workload }, playModel(model, scenario));
  return { ...result, assumed: [...model.assumed, ...result.assumed] };
}

/** Plays it with real processes. */
export async function playJob(
  { scenario, workload }: Job,
  predicted: Outcome,
  machine: Machine,
  options: RehearseOptions,
  view: View,
  { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<Result> {
  const { name } = scenario;
  const stepCount = workload.plan.steps.length;
  view.begin(name, scenario.title);
  const outcome = await playLocal(workload, scenario, machine, {
    ...options,
    cwd,
    signal,
    onEvent: (event) => view.event(name, event),
    onProgress: (progress) => view.progress(name, progress, stepCount),
  });
  view.end(name);
  return { ...resultOf({ scenario, workload }, outcome, outcome), predicted };
}

function resultOf({ scenario, workload }: Job, outcome: Outcome, local?: LocalOutcome): Result {
  return {
    scenario,
    world: local === undefined ? 'model' : 'local',
    speed: local?.speed,
    outcome,
    predicted: undefined,
    broken: brokenExpectations(scenario, outcome),
    limits: Object.fromEntries(
      workload.metrics.flatMap(({ name, limit }) => (limit === undefined ? [] : [[name, limit]])),
    ),
    mappings: local?.mappings ?? [],
    stepCount: workload.plan.steps.length,
    assumed: assumedMeasures(workload, scenario.measures),
  };
}
