import type { Tally } from './tally.ts';

/** How many runs a measurement gets: plain ones few, doubtful ones many. */
export interface Precision {
  readonly least: number;
  readonly most: number;
  /** Half the width of the interval that is narrow enough, 0–1. */
  readonly within: number;
}

const BATCH = 100;

/** What a table's cells get: 2 points of doubt at most, and less where the answer is plain. */
export const CELL: Precision = { least: 300, most: 2400, within: 0.02 };

/** Exactly so many. */
export function exactly(runs: number): Precision {
  return { least: runs, most: runs, within: 0 };
}

/** Plays until the interval is narrow enough. Goes by counts alone, never by a clock: the same seed has the same runs. */
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
