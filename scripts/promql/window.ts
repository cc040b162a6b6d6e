import type { Series, SeriesSample } from './store.ts';

/**
 * The samples of one series in a range, without stale markers. `timesMs` and `values` are buffers that are reused: only their first
 * `length` entries are valid. The range is open on the left, `(fromMs, toMs]`, as in Prometheus since version 3.
 */
export interface Window {
  readonly timesMs: number[];
  readonly values: number[];
  length: number;
  fromMs: number;
  toMs: number;
}

export function createWindow(): Window {
  return { timesMs: [], values: [], length: 0, fromMs: 0, toMs: 0 };
}

/** How many of the samples are at or before `timeMs`. Half a millisecond is added, so that rounded seconds compare correctly. */
function countUntil(samples: readonly SeriesSample[], timeMs: number): number {
  const lateSeconds = (timeMs + 0.5) / 1000;
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const sample = samples[middle];
    if (sample !== undefined && sample.timeSeconds <= lateSeconds) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Puts the samples of `(fromMs, toMs]` into the window, in place of what it held. */
export function fillWindow(window: Window, { samples }: Series, fromMs: number, toMs: number): void {
  const earlySeconds = (fromMs + 0.5) / 1000;
  const end = countUntil(samples, toMs);
  let start = end;
  while (start > 0) {
    const sample = samples[start - 1];
    if (sample === undefined || sample.timeSeconds <= earlySeconds) {
      break;
    }
    start--;
  }
  let length = 0;
  for (let index = start; index < end; index++) {
    const sample = samples[index];
    if (sample === undefined || sample.value === 'stale') {
      continue;
    }
    window.timesMs[length] = Math.round(sample.timeSeconds * 1000);
    window.values[length] = sample.value;
    length++;
  }
  window.length = length;
  window.fromMs = fromMs;
  window.toMs = toMs;
}

/** The newest sample of `(fromMs, toMs]`, unless there is none or it is a stale marker. */
export function newestSample({ samples }: Series, fromMs: number, toMs: number): SeriesSample | undefined {
  const sample = samples[countUntil(samples, toMs) - 1];
  if (sample === undefined || sample.value === 'stale') {
    return undefined;
  }
  return sample.timeSeconds > (fromMs + 0.5) / 1000 ? sample : undefined;
}
