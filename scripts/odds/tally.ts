import { createChance } from '../model/chance.ts';
import { createRandom } from '../model/random.ts';
import type { Model } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import { plainScenario } from '../rehearsal/plain-scenario.ts';
import { type Probability, quantile, wilson } from './interval.ts';
import { seedFor } from './seed.ts';

/** A kind of release to play: how many of its requests fail, and how many there are. */
export interface Trial {
  /** Share of the new version's requests that fail, 0–1. */
  readonly failureRatio: number;
  readonly requestsPerSecond: number;
  /** Share of the old version's requests that fail, 0–1. */
  readonly baseline: number;
}

/** Results of many releases of one kind. */
export interface Odds {
  readonly failureRatio: number;
  readonly requestsPerSecond: number;
  readonly runs: number;
  readonly aborted: number;
  /** Neither promoted nor aborted within the hour. */
  readonly stuck: number;
  readonly abort: Probability;
  /** How many runs were aborted at each weight, ascending. */
  readonly abortedAt: readonly { readonly weight: number; readonly runs: number }[];
  /** Medians over the aborted runs: seconds from the beginning to the abort, and the weight in force. */
  readonly seconds: number | undefined;
  readonly weight: number | undefined;
  /** Users' lost requests over all runs, to both versions, from the beginning until a few seconds after the verdict. */
  readonly lost: { readonly median: number; readonly p95: number };
}

/** Releases of one kind, played one after another. */
export interface Tally {
  /** Plays this many more releases. */
  readonly play: (runs: number) => void;
  readonly abort: () => Probability;
  readonly runs: () => number;
  readonly odds: () => Odds;
}

/** The same releases for the same seed, whatever else is measured. */
export function createTally(model: Model, trial: Trial, seed: number): Tally {
  const { failureRatio, requestsPerSecond, baseline } = trial;
  const random = createRandom(seedFor(seed, failureRatio, requestsPerSecond, baseline));
  const options = { isRecorded: false, chance: createChance(random), jitter: random };
  const scenario = plainScenario(trial.requestsPerSecond, {
    canary: { failureRatio: trial.failureRatio },
    stable: { failureRatio: trial.baseline },
  });
  const seconds: number[] = [];
  const weights: number[] = [];
  const lost: number[] = [];
  let stuck = 0;
  return {
    play(runs) {
      for (let run = 0; run < runs; run += 1) {
        const outcome = playModel(model, scenario, options);
        lost.push(outcome.lost);
        stuck += Number(outcome.verdict === 'stuck');
        if (outcome.verdict === 'aborted') {
          seconds.push(outcome.seconds);
          weights.push(outcome.weight);
        }
      }
    },
    abort: () => wilson(seconds.length, lost.length),
    runs: () => lost.length,
    odds: () => ({
      failureRatio,
      requestsPerSecond,
      runs: lost.length,
      aborted: seconds.length,
      stuck,
      abort: wilson(seconds.length, lost.length),
      abortedAt: [...Map.groupBy(weights, (weight) => weight)]
        .map(([weight, { length }]) => ({ weight, runs: length }))
        .sort((left, right) => left.weight - right.weight),
      seconds: quantile(seconds, 0.5),
      weight: quantile(weights, 0.5),
      lost: { median: quantile(lost, 0.5) ?? 0, p95: quantile(lost, 0.95) ?? 0 },
    }),
  };
}
