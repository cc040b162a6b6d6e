import type { Plan } from '../argo/plan.ts';
import { assumedMeasures } from '../rehearsal/measures.ts';
import { type Assumptions, USUAL } from '../rehearsal/model/assumptions.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { place } from '../rehearsal/place.ts';
import { assumedRoutes } from '../rehearsal/split.ts';
import type { Workload } from '../rehearsal/workload.ts';
import { type Floor, findFloor } from './floor.ts';
import { type Ending, endingOf, type PlayedGate, playGate, playPlain, SLOW_SECONDS } from './play-gate.ts';
import { describeGate } from './sentence.ts';
import { type WeightRow, weightRows } from './weights.ts';

/** What a workload's gate will do, played in the model world without chance. */
export interface Summary extends PlayedGate {
  readonly name: string;
  /** `file:line:column` of the Rollout's name. */
  readonly place: string;
  /** Whether the gate works, as a sentence whose subject, the Rollout, is left out. */
  readonly sentence: string;
  /** What the files do not say and had to be assumed; lines. */
  readonly assumed: readonly string[];
  readonly plan: Plan;
  readonly weights: readonly WeightRow[];
  readonly neverReady: Ending;
  /** Sizes are the seconds that every answer takes. */
  readonly latency: Floor;
}

/** Throws RehearsalError for what cannot be played. */
export function summarize(written: Workload, assumptions: Assumptions = USUAL): Summary {
  const model = createModel(written, assumptions);
  const { workload } = model;
  const { name, plan, rollout } = workload;
  const played = playGate(model);
  return {
    name,
    place: place(rollout.manifest, ['metadata', 'name']),
    sentence: describeGate(played, workload),
    assumed: [...model.assumed, ...assumedMeasures(workload), ...assumedRoutes(plan)],
    plan,
    weights: weightRows(plan),
    ...played,
    neverReady: endingOf(model, { neverReady: true }),
    latency: findFloor(plan, {
      most: SLOW_SECONDS,
      resolution: 0.01,
      play: (latencySeconds) => playPlain(model, { latencySeconds }),
    }),
  };
}
