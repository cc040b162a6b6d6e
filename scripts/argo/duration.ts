import { parseNanoseconds, toSeconds } from '../go/duration.ts';

const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT32 = -(2 ** 31);
const isInt32 = (value: number) => value >= MIN_INT32 && value <= MAX_INT32;

/** Seconds of a Go duration such as `1m30s`. Throws `RangeError` with Go's own words for anything else. Mirrors `DurationString.Duration`. */
export function parseGoDuration(text: string): number {
  return toSeconds(parseNanoseconds(text));
}

/** Seconds of an analysis metric's `interval` or `initialDelay`; the empty string is 0: the controller takes it for one that is not there. Throws `RangeError` as `parseGoDuration` does. */
export function parseAnalysisDuration(text: string): number {
  return text === '' ? 0 : parseGoDuration(text);
}

/**
 * Whole seconds of `pause.duration`: an integer is seconds, a string is an integer or a Go duration cut to whole seconds.
 * -1 for a string that is neither, as the controller has it: it refuses negative ones.
 * Mirrors `RolloutPause.DurationSeconds` in argo-rollouts `pkg/apis/rollouts/v1alpha1/types.go` (v1.10.2).
 */
export function pauseSeconds(duration: number | string): number {
  if (typeof duration === 'number') {
    return duration;
  }
  if (/^[+-]?\d+$/.test(duration) && isInt32(Number(duration))) {
    return Number(duration);
  }
  try {
    const seconds = Math.trunc(parseGoDuration(duration)) + 0;
    // What does not fit is the least integer, as amd64 has it.
    return isInt32(seconds) ? seconds : MIN_INT32;
  } catch {
    return -1;
  }
}
