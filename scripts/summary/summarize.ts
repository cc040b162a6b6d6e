import type { Plan } from '../argo/plan.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import type { Outcome } from '../rehearsal/outcome.ts';
import { place } from '../rehearsal/place.ts';
import { plainScenario } from '../rehearsal/plain-scenario.ts';
import type { PodFaults, Verdict } from '../rehearsal/scenario.ts';
import type { Workload } from '../rehearsal/workload.ts';
import { type Floor, findFloor } from './floor.ts';
import { type Deciding, decidingMetrics } from './reads.ts';
import { type WeightRow, weightRows, weightsOf } from './weights.ts';

/** Requests a second at which everything is counted. */
export const SUMMARY_RPS = 100;

/** How one kind of release ends. */
export interface Ending {
  readonly verdict: Verdict;
  /** Integer percent, in force at the verdict. */
  readonly weight: number;
  /** From the beginning of the release to the verdict. */
  readonly seconds: number;
  readonly lost: number;
  readonly sent: number;
  /** The metrics that aborted it; none where it was not a read that did. */
  readonly deciding: readonly Deciding[];
  /** What the controller says of an abort; empty for the deadline's, of which it says nothing, and where there was none. */
  readonly reason: string;
}

/** What a workload's gate will do, as the engine of the rehearsals plays it: in the model world and without chance. */
export interface Summary {
  readonly name: string;
  /** `file:line:column` of the Rollout's name. */
  readonly place: string;
  /** Why the controller refuses the spec and plays nothing of it, as in InvalidSpec. */
  readonly invalid: string | undefined;
  readonly replicas: number;
  readonly steps: Plan['steps'];
  readonly weights: readonly WeightRow[];
  readonly good: Ending;
  /** Every request fails. */
  readonly failing: Ending;
  /** Every answer comes late: after `SLOW_SECONDS`. */
  readonly slow: Ending;
  readonly neverReady: Ending;
  /** Share of requests that fail, 0–1. */
  readonly failures: Floor;
  /** Seconds that every answer takes. */
  readonly latency: Floor;
}

/** Nobody waits longer, and no deadline here is shorter. */
export const SLOW_SECONDS = 5;

/** Throws RehearsalError for what cannot be played. */
export function summarize(workload: Workload): Summary {
  const model = createModel(workload);
  const names = [...new Set(workload.metrics.map(({ name }) => name))];
  const play = (canary: Partial<PodFaults>, isRecorded = false) =>
    playModel(model, plainScenario(SUMMARY_RPS, { canary }), { isRecorded });
  const ending = (canary: Partial<PodFaults>) => endingOf(play(canary, true), names);
  const weights = weightsOf(workload.plan);
  const { name, plan, rollout } = workload;
  return {
    name,
    place: place(rollout.manifest, ['metadata', 'name']),
    invalid: plan.invalid,
    replicas: plan.replicas,
    steps: plan.steps,
    weights: weightRows(plan),
    good: ending({}),
    failing: ending({ failureRatio: 1 }),
    slow: ending({ latencySeconds: SLOW_SECONDS }),
    neverReady: ending({ neverReady: true }),
    failures: findFloor(weights, { most: 1, resolution: 0.001, play: (failureRatio) => play({ failureRatio }) }),
    latency: findFloor(weights, {
      most: SLOW_SECONDS,
      resolution: 0.01,
      play: (latencySeconds) => play({ latencySeconds }),
    }),
  };
}

function endingOf(outcome: Outcome, metrics: readonly string[]): Ending {
  const { verdict, weight, seconds, lost, sent, message } = outcome;
  const [, reason = ''] = /^RolloutAborted: Rollout aborted update to revision \d+: (.+)$/s.exec(message) ?? [];
  return { verdict, weight, seconds, lost, sent, deciding: decidingMetrics(outcome, metrics), reason };
}
