import {
  createUnnamedVector,
  distinct,
  type MatrixFunction,
  type ScalarFunction,
  type VectorFunction,
  type VectorSample,
} from './evaluation.ts';
import type { Window } from './window.ts';

/** A function over one series' window; undefined when the window holds too few samples. */
export type RangeFunction = (window: Window, param: number, timeMs: number) => number | undefined;

/** In average gaps between samples: a series that is nearer than this to an edge of the window is extrapolated to that edge. */
const EXTRAPOLATION_THRESHOLD = 1.1;

function extrapolated(window: Window, isCounter: boolean, isRate: boolean): number | undefined {
  const { timesMs, values, fromMs, toMs } = window;
  const { length } = values;
  if (length < 2) {
    return undefined;
  }
  const first = values[0] ?? 0;
  let result = (values[length - 1] ?? 0) - first;
  if (isCounter) {
    for (let index = 1; index < length; index++) {
      const previous = values[index - 1] ?? 0;
      if ((values[index] ?? 0) < previous) {
        result += previous;
      }
    }
  }

  const firstMs = timesMs[0] ?? 0;
  const lastMs = timesMs[length - 1] ?? 0;
  const sampledSeconds = (lastMs - firstMs) / 1000;
  const gapSeconds = sampledSeconds / (length - 1);
  const threshold = gapSeconds * EXTRAPOLATION_THRESHOLD;

  let startSeconds = (firstMs - fromMs) / 1000;
  if (startSeconds >= threshold) {
    startSeconds = gapSeconds / 2;
  }
  if (isCounter && result > 0 && first >= 0) {
    // A counter starts at zero: never extrapolate to before the time at which its slope reaches zero.
    startSeconds = Math.min(startSeconds, sampledSeconds * (first / result));
  }
  let endSeconds = (toMs - lastMs) / 1000;
  if (endSeconds >= threshold) {
    endSeconds = gapSeconds / 2;
  }

  let factor = (sampledSeconds + startSeconds + endSeconds) / sampledSeconds;
  if (isRate) {
    factor /= (toMs - fromMs) / 1000;
  }
  return result * factor;
}

function lastTwo({ timesMs, values }: Window, isRate: boolean): number | undefined {
  const { length } = values;
  if (length < 2) {
    return undefined;
  }
  const seconds = ((timesMs[length - 1] ?? 0) - (timesMs[length - 2] ?? 0)) / 1000;
  const last = values[length - 1] ?? 0;
  const previous = values[length - 2] ?? 0;
  const result = isRate && last < previous ? last : last - previous;
  return isRate ? result / seconds : result;
}

/**
 * The functions that extrapolate from two or more samples to the whole range.
 * Mirrors `extrapolatedRate` and `instantValue` in prometheus `promql/functions.go` (v0.313.2), floats only.
 */
export const RATE_FUNCTIONS = {
  rate: (window) => extrapolated(window, true, true),
  increase: (window) => extrapolated(window, true, false),
  delta: (window) => extrapolated(window, false, false),
  irate: (window) => lastTwo(window, true),
  idelta: (window) => lastTwo(window, false),
} as const satisfies Record<string, RangeFunction>;

/** A function over the window of each series; `isNamed` where the metric keeps its name. */
export function compileOverRange(
  range: RangeFunction,
  matrix: MatrixFunction,
  param: ScalarFunction,
  isNamed: boolean,
): VectorFunction {
  return (evaluation) => {
    const value = param(evaluation);
    const unnamed = createUnnamedVector();
    const named: VectorSample[] = [];
    matrix(evaluation, (labels, window) => {
      const result = range(window, value, evaluation.timeMs);
      if (result === undefined) {
        return;
      }
      if (isNamed) {
        named.push({ labels, value: result });
      } else {
        unnamed.add(labels, result);
      }
    });
    return isNamed ? distinct(named) : unnamed.finish();
  };
}
