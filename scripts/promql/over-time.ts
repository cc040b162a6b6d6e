import { compensatedVariance, greatest, least, mean, sum } from './float.ts';
import type { RangeFunction } from './rate.ts';
import type { Window } from './window.ts';

/** Least squares over the window: the slope per second, and the value at `atMs`. */
function linearRegression({ timesMs, values: ys }: Window, atMs: number): readonly [slope: number, value: number] {
  const { length, 0: first = 0 } = ys;
  if (ys.every((y) => y === first)) {
    return Number.isFinite(first) ? [0, first] : [Number.NaN, Number.NaN];
  }
  const xs = timesMs.map((timeMs) => (timeMs - atMs) / 1000);
  const sumX = sum(xs);
  const sumY = sum(ys);
  const covariance = sum(xs.map((x, index) => x * (ys[index] ?? 0))) - (sumX * sumY) / length;
  const slope = covariance / (sum(xs.map((x) => x * x)) - (sumX * sumX) / length);
  return [slope, sumY / length - (slope * sumX) / length];
}

function countPairs({ values }: Window, holds: (previous: number, current: number) => boolean): number {
  return values.filter((value, index) => index > 0 && holds(values[index - 1] ?? 0, value)).length;
}

function differs(previous: number, current: number): boolean {
  return current !== previous && !(Number.isNaN(current) && Number.isNaN(previous));
}

/**
 * The functions over a window that do not extrapolate. Each window holds at least one sample.
 * Mirrors prometheus `promql/functions.go` (v0.313.2), floats only.
 */
export const OVER_TIME_FUNCTIONS = {
  avg_over_time: ({ values }) => mean(values),
  sum_over_time: ({ values }) => sum(values),
  min_over_time: ({ values }) => least(values),
  max_over_time: ({ values }) => greatest(values),
  count_over_time: ({ values }) => values.length,
  present_over_time: () => 1,
  stdvar_over_time: ({ values }) => compensatedVariance(values),
  stddev_over_time: ({ values }) => Math.sqrt(compensatedVariance(values)),
  changes: (window) => countPairs(window, differs),
  resets: (window) => countPairs(window, (previous, current) => current < previous),
  deriv: (window) => (window.values.length < 2 ? undefined : linearRegression(window, window.timesMs[0] ?? 0)[0]),
} as const satisfies Record<string, RangeFunction>;

/** The value in `seconds` from now, if the series goes on along its regression line. */
export const predictLinear: RangeFunction = (window, seconds, timeMs) => {
  if (window.values.length < 2) {
    return undefined;
  }
  const [slope, value] = linearRegression(window, timeMs);
  return slope * seconds + value;
};
