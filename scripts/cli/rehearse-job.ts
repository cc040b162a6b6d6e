import { orRehearsalError, RehearsalError } from '../rehearsal/errors.ts';
import { saysFaults } from '../rehearsal/fault-applies.ts';
import { switchAdvice, whyNotTaken } from '../rehearsal/fault-taken.ts';
import { assumedMeasures, unmeasured } from '../rehearsal/measures.ts';
import type { Assumptions } from '../rehearsal/model/assumptions.ts';
import { createModel, type Model } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import { brokenExpectations, type Outcome } from '../rehearsal/outcome.ts';
import { isNotPlayed, type NotPlayed, type Result } from '../rehearsal/result.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import { assumedRoutes } from '../rehearsal/split.ts';
import type { Workload } from '../rehearsal/workload.ts';
import type { Followed, View } from '../render/live-view.ts';

/** A scenario, and the workload with its patches. */
export interface Job {
  readonly scenario: Scenario;
  readonly workload: Workload;
}

/** Plays a job in the model world, and shows its events at once. Throws RehearsalError for a query that is no PromQL. */
export function playModelJob({ scenario, workload }: Job, assumptions: Assumptions, view: View): Result | NotPlayed {
  const model = createModel(workload, assumptions);
  const result = orUnmeasured({ scenario, workload: model.workload }, playIn(model, scenario));
  if (!isNotPlayed(result)) {
    const { onWait, onEvent, end } = view.follow(scenario, result.stepCount);
    onWait();
    result.outcome.events.forEach(onEvent);
    end();
  }
  return result;
}

function playIn(model: Model, scenario: Scenario): Result {
  const result = resultOf({ scenario, workload: model.workload }, 'model', playModel(model, scenario));
  return { ...result, assumed: [...model.assumed, ...result.assumed] };
}

/** A job's result in the model world; undefined where that cannot count all queries, or the scenario does not say what breaks. */
export function predict(job: Job, assumptions: Assumptions): Result | undefined {
  const model = orRehearsalError(() => createModel(job.workload, assumptions));
  const isKnown = saysFaults(job.scenario) && !(model instanceof RehearsalError) && model.workload === job.workload;
  return isKnown ? playIn(model, job.scenario) : undefined;
}

/** What a real world says of a release, beside its outcome. */
type Played = Outcome & Pick<Result, 'mappings'> & Partial<Pick<Result, 'speed'>>;

/**
 * Plays a job in a real world, shows how it goes, and compares it with what was expected and predicted. A `NotPlayed` where the
 * scenario's fault did not happen, since the result then says nothing of the gate.
 */
export async function playJob(
  job: Job,
  world: Result['world'],
  predicted: Outcome | undefined,
  view: View,
  play: (followed: Followed) => Promise<Played>,
): Promise<Result | NotPlayed> {
  const { scenario, workload } = job;
  const followed = view.follow(scenario, workload.plan.steps.length);
  const outcome = await play(followed);
  followed.end();
  const notPlayed = whyNotTaken(scenario, outcome);
  const { speed, mappings } = outcome;
  return notPlayed === undefined
    ? orUnmeasured(job, { ...resultOf(job, world, outcome), speed, mappings, predicted })
    : { scenario, world, notPlayed, advice: switchAdvice(scenario, workload), isMissed: true };
}

/** The result; a `NotPlayed` for a release that was promoted only because nothing here can measure the metrics that abort it. */
function orUnmeasured({ scenario, workload }: Job, result: Result): Result | NotPlayed {
  const { world, outcome } = result;
  const deciding = world === 'cluster' ? [] : unmeasured(workload, scenario.measures);
  if (deciding.length === 0 || outcome.verdict !== 'promoted' || scenario.expect.verdict !== 'aborted') {
    return result;
  }
  const notPlayed = `it is decided by ${deciding.join(' and ')}, which nothing here can measure`;
  const advice = ['A scenario file gives measurements: `measures: { NAME: [1, 0, 0] }`, or phases such as Failed.'];
  return { scenario, world, notPlayed, advice, isMissed: true };
}

/** A job's result, without speed, mappings and prediction, which only some worlds have. */
function resultOf({ scenario, workload }: Job, world: Result['world'], outcome: Outcome): Result {
  return {
    scenario,
    world,
    speed: undefined,
    outcome,
    predicted: undefined,
    broken: brokenExpectations(scenario, outcome),
    limits: Object.fromEntries(
      workload.metrics.flatMap(({ name, limit }) => (limit === undefined ? [] : [[name, limit]])),
    ),
    mappings: [],
    stepCount: workload.plan.steps.length,
    assumed:
      world === 'cluster'
        ? []
        : [...assumedMeasures(workload, scenario.measures), ...assumedRoutes(workload.plan, scenario.routes)],
  };
}
