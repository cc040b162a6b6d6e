import { compensatedVariance, greatest, least, mean, quantile, sum } from './float.ts';
import type { RangeFunction } from './rate.ts';
import type { Window } from './window.ts';

/** Least squares over the window: the slope per second, and the value at `atMs`. */
function linearRegression({ timesMs, values, length }: Window, atMs: number): readonly [slope: number, value: number] {
  const first = values[0] ?? 0;
  const ys = values.slice(0, length);
  if (ys.every((y) => y === first)) {
    return Number.isFinite(first) ? [0, first] : [Number.NaN, Number.NaN];
  }
  const xs = timesMs.slice(0, length).map((timeMs) => (timeMs - atMs) / 1000);
  const sumX = sum(xs);
  const sumY = sum(ys);
  const covariance = sum(xs.map((x, index) => x * (ys[index] ?? 0))) - (sumX * sumY) / length;
  const slope = covariance / (sum(xs.map((x) => x * x)) - (sumX * sumX) / length);
  return [slope, sumY / length - (slope * sumX) / length];
}

function countPairs({ values, length }: Window, holds: (previous: number, current: number) => boolean): number {
  let count = 0;
  for (let index = 1; index < length; index++) {
    if (holds(values[index - 1] ?? 0, values[index] ?? 0)) {
      count++;
    }
  }
  return count;
}

function differs(previous: number, current: number): boolean {
  return current !== previous && !(Number.isNaN(current) && Number.isNaN(previous));
}

/**
 * The functions over a window that do not extrapolate. Each window holds at least one sample.
 * Mirrors prometheus `promql/functions.go` (v0.313.2), floats only.
 */
export const OVER_TIME_FUNCTIONS = {
  avg_over_time: ({ values, length }) => mean(values, length),
  sum_over_time: ({ values, length }) => sum(values, length),
  min_over_time: ({ values, length }) => least(values, length),
  max_over_time: ({ values, length }) => greatest(values, length),
  count_over_time: ({ length }) => length,
  present_over_time: () => 1,
  last_over_time: ({ values, length }) => values[length - 1],
  stdvar_over_time: ({ values, length }) => compensatedVariance(values, length),
  stddev_over_time: ({ values, length }) => Math.sqrt(compensatedVariance(values, length)),
  quantile_over_time: ({ values, length }, q) => quantile(q, values, length),
  changes: (window) => countPairs(window, differs),
  resets: (window) => countPairs(window, (previous, current) => current < previous),
  deriv: (window) => (window.length < 2 ? undefined : linearRegression(window, window.timesMs[0] ?? 0)[0]),
  predict_linear(window, seconds, timeMs) {
    if (window.length < 2) {
      return undefined;
    }
    const [slope, value] = linearRegression(window, timeMs);
    return slope * seconds + value;
  },
} as const satisfies Record<string, RangeFunction>;
