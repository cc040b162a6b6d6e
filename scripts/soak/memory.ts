import type { Breaches } from './checks.ts';

/**
 * A shorter run shows memory and event loop and judges neither. Two cores with a load of 20, the worst machine tried: over the second half
 * of 3 minutes the heap of an app that keeps nothing rose by up to 1.5 MB a minute, over that of 4 by 0.4 at most.
 */
export const LEAST_JUDGED_SECONDS = 300;

const MOST_MEGABYTES_PER_MINUTE = 1;

/** Megabytes that are kept at a moment, seconds. */
export interface Kept {
  readonly at: number;
  readonly megabytes: number;
}

/**
 * How fast what is kept grows, in megabytes a minute: from the first third of the second half to the last, each by its median. In the first
 * half, code is compiled and caches fill. What the operating system calls resident is no measure: it rises with every stall of the machine.
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

/** Reports a growth over `seconds` of load; nothing where they are too few to tell it from chance. */
export function judgeMemory(kept: readonly Kept[], seconds: number, breaches: Breaches): void {
  const growth = growthPerMinute(kept);
  if (seconds >= LEAST_JUDGED_SECONDS && !(growth < MOST_MEGABYTES_PER_MINUTE)) {
    const what = `api-1 keeps ${growth.toFixed(2)} MB more a minute, must be less than ${MOST_MEGABYTES_PER_MINUTE}`;
    breaches.report('memory', what);
  }
}
