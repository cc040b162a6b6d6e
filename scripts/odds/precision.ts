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
export function* refine(
  tally: Pick<Tally, 'play' | 'runs' | 'abort'>,
  { least, most, within }: Precision,
): Generator<undefined, void> {
  while (tally.runs() < most) {
    const { low, high } = tally.runs() === 0 ? { low: 0, high: 1 } : tally.abort();
    if (tally.runs() >= least && (high - low) / 2 <= within) {
      return;
    }
    tally.play(Math.min(BATCH, most - tally.runs()));
    yield undefined;
  }
}
