import type { Model } from '../rehearsal/model/model.ts';
import { CAUGHT } from './floor.ts';
import { playUntil } from './precision.ts';
import { createTally, type Odds, type Tally } from './tally.ts';
import type { Want } from './want.ts';

/** How far a gate is from what is wanted of it. */
export interface Judgement {
  readonly isReached: boolean;
  /** 0 when every wish is met; larger is further away. */
  readonly shortfall: number;
  /** One entry per wish, in the order of the wishes. */
  readonly catches: readonly Odds[];
  readonly healthy: readonly Odds[];
}

const BATCH = 50;
/** Runs that decide whether a release is caught 9 times in 10 when its true probability is close to that. */
const MOST_CATCH_RUNS = 600;
/** Run budget, in multiples of `onceIn`: enough to tell half the allowed rate from the allowed one. */
const HEALTHY_TIMES = 24;
/** Runs of healthy releases for a gate that misses what it must catch: it is never proposed, so few are enough. */
const GLANCE = 100;

/**
 * Plays releases until the confidence interval shows whether each wish is met, or its run budget is spent; at least `least` runs
 * of each release that must be caught. Yields between batches.
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
    const runs = { least, most: Math.max(least, MOST_CATCH_RUNS), batch: BATCH };
    yield* playUntil(tally, runs, ({ low, high }) => low >= CAUGHT || high < CAUGHT);
  }
  const missing = caught.reduce((sum, tally) => sum + Math.max(0, CAUGHT - tally.abort().share), 0);
  // Only a gate that may be proposed needs many runs of healthy releases.
  const isGlance = missing > 0 && least === BATCH;
  const most = isGlance ? GLANCE : Math.ceil(HEALTHY_TIMES / allowed);
  for (const tally of well) {
    const runs = { least: BATCH, most, batch: BATCH };
    yield* playUntil(tally, runs, ({ low, high }) => high < allowed || low > allowed);
  }
  const tooMany = well.reduce((sum, tally) => sum + excess(tally, allowed, isGlance), 0);
  return {
    isReached: missing === 0 && tooMany === 0,
    shortfall: missing + tooMany,
    catches: caught.map((tally) => tally.odds()),
    healthy: well.map((tally) => tally.odds()),
  };
}

/** How far the abort rate exceeds the limit: 1 is a thousandfold; at least 0.01 until it is proven low. */
function excess(tally: Tally, allowed: number, isGlance: boolean): number {
  const { share, high } = tally.abort();
  if (high < allowed || (isGlance && share <= allowed)) {
    return 0;
  }
  return Math.max(0.01, Math.log10(share / allowed) / 3);
}
