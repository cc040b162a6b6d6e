import type { Plan } from '../argo/plan.ts';
import { assumedMeasures } from '../rehearsal/measures.ts';
import type { Model } from '../rehearsal/model/model.ts';
import { place } from '../rehearsal/place.ts';
import { assumedRoutes } from '../rehearsal/split.ts';
import { type Floor, failureFloor, latencyFloor } from './floor.ts';
import { type Ending, endingOf, type PlayedGate, playGate } from './play-gate.ts';
import { judgeGate, shortWindowOf } from './sentence.ts';
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
  /** A metric whose window may hold fewer than two scrapes, and why; undefined where none does. */
  readonly shortWindow: string | undefined;
  readonly failures: Floor;
  readonly neverReady: Ending;
  readonly latency: Floor;
}

/** Throws RehearsalError for what cannot be played. */
export function summarize(model: Model): Summary {
  const { workload } = model;
  const { name, plan, rollout } = workload;
  const played = playGate(model);
  const failures = failureFloor(model);
  return {
    name,
    place: place(rollout.manifest, ['metadata', 'name']),
    sentence: judgeGate(model, played, failures).sentence,
    assumed: [...model.assumed, ...assumedMeasures(workload), ...assumedRoutes(plan)],
    plan,
    weights: weightRows(plan),
    shortWindow: shortWindowOf(model),
    ...played,
    failures,
    neverReady: endingOf(model, { neverReady: true }),
    latency: latencyFloor(model),
  };
}
