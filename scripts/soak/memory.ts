import type { Breaches } from './checks.ts';

/**
 * Seconds of load below which memory and event loop are shown, but not judged. On the worst machine tried (two cores, a load average of
 * 20), the heap of an app that keeps nothing rose by up to 1.5 MB a minute in the second half of 3 minutes, by up to 0.4 in that of 4.
 */
export const LEAST_JUDGED_SECONDS = 300;

const MOST_MEGABYTES_PER_MINUTE = 1;

/** Megabytes that remain after a garbage collection, and when, in seconds. */
export interface Kept {
  readonly at: number;
  readonly megabytes: number;
}

/**
 * Growth of the kept memory in megabytes a minute, between the medians of the first and the last third of the run's second half. In the
 * first half, code is compiled and caches fill. Resident memory would not do: it rises with every stall of the machine.
 */
export function growthPerMinute(kept: readonly Kept[]): number {
  const half = kept.slice(Math.floor(kept.length / 2));
  const third = Math.ceil(half.length / 3);
  const [from, to] = [medianOf(half.slice(0, third)), medianOf(half.slice(-third))];
  return ((to.megabytes - from.megabytes) / (to.at - from.at)) * 60;
}

function medianOf(kept: readonly Kept[]): Kept {
  const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  return { at: middle(kept.map(({ at }) => at)), megabytes: middle(kept.map(({ megabytes }) => megabytes)) };
}

/** Reports a breach if memory grows too fast. Judges nothing after too few `seconds` of load to tell growth from chance. */
export function judgeMemory(kept: readonly Kept[], seconds: number, breaches: Breaches): void {
  const growth = growthPerMinute(kept);
  if (seconds >= LEAST_JUDGED_SECONDS && !(growth < MOST_MEGABYTES_PER_MINUTE)) {
    const what = `api-1 keeps ${growth.toFixed(2)} MB more a minute, must be less than ${MOST_MEGABYTES_PER_MINUTE}`;
    breaches.report('memory', what);
  }
}
