import type { Probability } from './interval.ts';
import type { Tally } from './tally.ts';

/** Bounds on the runs of a measurement: a clear one needs few, an unclear one many. */
export interface Precision {
  readonly least: number;
  readonly most: number;
  /** Runs stop when half the width of the confidence interval, 0–1, is at most this. */
  readonly within: number;
}

const BATCH = 100;

/** For the cells of a table: at most 2 percentage points of uncertainty. */
export const CELL: Precision = { least: 300, most: 2400, within: 0.02 };

/** Exactly `runs` runs. */
export function exactly(runs: number): Precision {
  return { least: runs, most: runs, within: 0 };
}

/** Plays until the confidence interval is narrow enough, or `most` runs. Never by time, so that a seed repeats its runs. */
export function refine(tally: Played, { least, most, within }: Precision): Generator<undefined, void> {
  return playUntil(tally, { least, most, batch: BATCH }, ({ low, high }) => (high - low) / 2 <= within);
}

type Played = Pick<Tally, 'play' | 'runs' | 'abort'>;

/** Plays batches until `isPlain` holds for the abort rate after at least `least` runs, or `most` runs; yields after each. */
export function* playUntil(
  tally: Played,
  { least, most, batch }: { readonly least: number; readonly most: number; readonly batch: number },
  isPlain: (abort: Probability) => boolean,
): Generator<undefined, void> {
  while (tally.runs() < most && (tally.runs() < Math.max(1, least) || !isPlain(tally.abort()))) {
    tally.play(Math.min(batch, most - tally.runs()));
    yield undefined;
  }
}
