import type { Series, SeriesSample } from './store.ts';

/** The samples of one series in a range, without stale markers. The range is open on the left, `(fromMs, toMs]`, as in Prometheus 3. */
export interface Window {
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** How many of the samples are at or before `timeMs`. Half a millisecond is added, so that rounded seconds compare correctly. */
function countUntil(samples: readonly SeriesSample[], timeMs: number): number {
  const lateSeconds = (timeMs + 0.5) / 1000;
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((samples[middle] as SeriesSample).timeSeconds <= lateSeconds) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The samples of `(fromMs, toMs]`. */
export function windowOf({ samples }: Series, fromMs: number, toMs: number): Window {
  const timesMs: number[] = [];
  const values: number[] = [];
  const end = countUntil(samples, toMs);
  for (let index = countUntil(samples, fromMs); index < end; index += 1) {
    const { timeSeconds, value } = samples[index] as SeriesSample;
    if (value !== 'stale') {
      timesMs.push(Math.round(timeSeconds * 1000));
      values.push(value);
    }
  }
  return { timesMs, values, fromMs, toMs };
}

/** The newest sample of `(fromMs, toMs]`, unless there is none or it is a stale marker. */
export function newestSample({ samples }: Series, fromMs: number, toMs: number) {
  const { timeSeconds = Number.NEGATIVE_INFINITY, value = 'stale' } = samples[countUntil(samples, toMs) - 1] ?? {};
  return value !== 'stale' && timeSeconds > (fromMs + 0.5) / 1000 ? { timeSeconds, value } : undefined;
}
