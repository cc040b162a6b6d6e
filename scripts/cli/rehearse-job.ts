import { playSteadily } from '../rehearsal/local/play.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import { brokenExpectations, type Outcome } from '../rehearsal/outcome.ts';
import type { Result } from '../rehearsal/result.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import type { Workload } from '../rehearsal/workload.ts';
import type { View } from '../render/live-view.ts';
import type { Io } from './command.ts';
import type { RehearseOptions } from './rehearse-options.ts';

/** One scenario to be played with the workload as it changes it. */
export interface Job {
  readonly scenario: Scenario;
  readonly workload: Workload;
  readonly speed: number;
}

/** Plays it in the world that was asked for, and says what of its expectations broke. */
export async function playJob(
  { scenario, workload, speed }: Job,
  options: RehearseOptions,
  view: View,
  io: Io,
): Promise<Result> {
  const { world } = options;
  const { name } = scenario;
  const stepCount = workload.plan.steps.length;
  const isLocal = world === 'local';
  view.begin(name, scenario.title, isLocal ? `speed ${round(speed)}` : 'model');
  const local = isLocal
    ? await playSteadily(
        workload,
        scenario,
        { ...options, ...localOptions(view, io, name, speed, stepCount) },
        (slower) => view.begin(name, scenario.title, `the machine is busy: once more, at speed ${round(slower)}`),
      )
    : undefined;
  const outcome: Outcome = local?.outcome ?? playModel(createModel(workload), scenario);
  if (!isLocal) {
    for (const event of outcome.events) {
      view.event(name, event);
    }
  }
  view.end(name);
  return {
    scenario,
    world,
    speed: local?.speed,
    isStrained: local?.outcome.isStrained ?? false,
    outcome,
    predicted: undefined,
    broken: brokenExpectations(scenario, outcome),
    limits: Object.fromEntries(
      workload.metrics.flatMap(({ name: metric, limit }) => (limit === undefined ? [] : [[metric, limit]])),
    ),
    mappings: local?.outcome.mappings ?? [],
    stepCount,
  };
}

const round = (speed: number) => Math.round(speed * 10) / 10;

function localOptions(view: View, io: Io, name: string, speed: number, stepCount: number) {
  return {
    speed,
    cwd: io.cwd,
    signal: io.signal ?? new AbortController().signal,
    onEvent: (event: Parameters<View['event']>[1]) => view.event(name, event),
    onProgress: (progress: Parameters<View['progress']>[1]) => view.progress(name, progress, stepCount),
  };
}
