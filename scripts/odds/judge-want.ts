import type { Model } from '../rehearsal/model/model.ts';
import { CAUGHT } from './floor.ts';
import type { Probability } from './interval.ts';
import { createTally, type Odds, type Tally } from './tally.ts';
import type { Want } from './want.ts';

/** How near a gate comes to what is wanted of it. */
export interface Judgement {
  readonly isReached: boolean;
  /** 0 where all is reached; the more, the further from it. */
  readonly shortfall: number;
  /** In the order of the wish. */
  readonly catches: readonly Odds[];
  readonly healthy: readonly Odds[];
}

const BATCH = 50;
/** Runs that show whether a release is caught 9 times in 10, where it is near that. */
const MOST_CATCH_RUNS = 600;
/** Within so many times the runs that one abort is allowed in, it shows whether it comes half as often. */
const HEALTHY_TIMES = 24;
/** A gate that misses what it must catch is not proposed: its healthy releases are only glanced at. */
const GLANCE = 100;

/**
 * Plays until every wish is met or missed beyond doubt, at least so many releases of each kind that is to be caught. Yields between
 * portions.
 */
export function* judgeWant(
  model: Model,
  { catches, healthy }: Want,
  { baseline, seed, least = BATCH }: { readonly baseline: number; readonly seed: number; readonly least?: number },
): Generator<undefined, Judgement> {
  const tallyOf = (failureRatio: number, requestsPerSecond: number) =>
    createTally(model, { failureRatio, requestsPerSecond, baseline }, seed);
  const caught = catches.map(({ failureRatio, requestsPerSecond }) => tallyOf(failureRatio, requestsPerSecond));
  const well = (healthy?.requestsPerSecond ?? []).map((traffic) => tallyOf(baseline, traffic));
  const allowed = 1 / (healthy?.onceIn ?? 1);
  for (const tally of caught) {
    yield* playUntil(tally, least, Math.max(least, MOST_CATCH_RUNS), ({ low, high }) => low >= CAUGHT || high < CAUGHT);
  }
  const missing = caught.reduce((sum, tally) => sum + Math.max(0, CAUGHT - tally.abort().share), 0);
  // A proof is for those that may be proposed.
  const isGlance = missing > 0 && least === BATCH;
  const most = isGlance ? GLANCE : Math.ceil(HEALTHY_TIMES / allowed);
  for (const tally of well) {
    yield* playUntil(tally, BATCH, most, ({ low, high }) => high < allowed || low > allowed);
  }
  const tooMany = well.reduce((sum, tally) => sum + excess(tally, allowed, isGlance), 0);
  return {
    isReached: missing === 0 && tooMany === 0,
    shortfall: missing + tooMany,
    catches: caught.map((tally) => tally.odds()),
    healthy: well.map((tally) => tally.odds()),
  };
}

function* playUntil(
  tally: Tally,
  least: number,
  most: number,
  isPlain: (abort: Probability) => boolean,
): Generator<undefined, void> {
  do {
    tally.play(Math.min(BATCH, most - tally.runs()));
    yield undefined;
  } while (tally.runs() < most && (tally.runs() < least || !isPlain(tally.abort())));
}

/** In tenfolds of what is allowed, 0–1 in all; a little where it is not shown yet. */
function excess(tally: Tally, allowed: number, isGlance: boolean): number {
  const { share, high } = tally.abort();
  if (high < allowed || (isGlance && share <= allowed)) {
    return 0;
  }
  return Math.max(0.01, Math.log10(share / allowed) / 3);
}
