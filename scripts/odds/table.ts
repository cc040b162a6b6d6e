import type { Model } from '../rehearsal/model/model.ts';
import { findFloor } from './floor.ts';
import { exactly, type Precision, refine } from './precision.ts';
import { createTally, type Odds } from './tally.ts';

/** The rows and columns of a gate's table. */
export interface Settings {
  /** 0–1, ascending. */
  readonly failureRatios: readonly number[];
  /** Ascending, each greater than 0. */
  readonly requestsPerSecond: readonly number[];
  /** Share of a healthy version's requests that fail, 0–1. */
  readonly baseline: number;
  readonly seed: number;
  readonly precision: Precision;
}

/** A gate's floor, and how often it aborts a healthy release, at one request rate. */
export interface Headline {
  /** The rate at which both were measured. */
  readonly requestsPerSecond: number;
  /** The smallest failure ratio that is caught 9 times in 10; undefined where none is. */
  readonly floor: Odds | undefined;
  /** A release that fails as the old version does. */
  readonly healthy: Odds;
}

/** What a gate can and cannot catch. */
export interface GateOdds extends Headline {
  /** Each failure ratio at each request rate, grouped by rate. */
  readonly cells: readonly Odds[];
}

/** How far a measurement is, 0–1. */
export type Progress = number;

/** Requests a second of the headline, where the table has them; otherwise its highest rate. */
const TOLD = 100;
/** Runs of a healthy release: enough to tell one abort in a thousand from none. */
const HEALTHY_RUNS = 10_000;

/** Measures every cell. Yields between portions of work, so that a caller can stop or show how far it is. */
export function* measureGate(model: Model, settings: Settings): Generator<Progress, GateOdds> {
  const { failureRatios, requestsPerSecond, baseline, seed, precision } = settings;
  const told = requestsPerSecond.includes(TOLD) ? TOLD : Math.max(...requestsPerSecond);
  const parts = failureRatios.length * requestsPerSecond.length + 2;
  const cells: Odds[] = [];
  for (const traffic of requestsPerSecond) {
    for (const failureRatio of failureRatios) {
      const tally = createTally(model, { failureRatio, requestsPerSecond: traffic, baseline }, seed);
      yield* portions(refine(tally, precision), cells.length / parts);
      cells.push(tally.odds());
    }
  }
  const headline = yield* portions(
    measureHeadline(model, { ...settings, requestsPerSecond: told }),
    (parts - 1) / parts,
  );
  return { ...headline, cells };
}

type HeadlineSettings = Pick<Settings, 'baseline' | 'seed' | 'precision'> & { readonly requestsPerSecond: number };

function* measureHeadline(model: Model, settings: HeadlineSettings): Generator<undefined, Headline> {
  const { requestsPerSecond, baseline, seed, precision } = settings;
  const floor = yield* findFloor(model, { requestsPerSecond, baseline, seed, precision });
  const healthy = createTally(model, { failureRatio: baseline, requestsPerSecond, baseline }, seed);
  yield* refine(healthy, exactly(precision.least === precision.most ? precision.most : HEALTHY_RUNS));
  return { requestsPerSecond, floor, healthy: healthy.odds() };
}

/** Runs `work`, which reports no progress of its own; yields `progress` whenever it yields, and returns its result. */
export function* portions<Result>(work: Generator<undefined, Result>, progress: Progress): Generator<Progress, Result> {
  for (;;) {
    const step = work.next();
    if (step.done === true) {
      return step.value;
    }
    yield progress;
  }
}
