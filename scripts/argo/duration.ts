import { parseNanoseconds, toSeconds } from '../go/duration.ts';

const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT32 = -(2 ** 31);
const isInt32 = (value: number) => value >= MIN_INT32 && value <= MAX_INT32;

/** Seconds of a Go duration such as `1m30s`. Throws `RangeError` with Go's own words for anything else. Mirrors `DurationString.Duration`. */
export function parseGoDuration(text: string): number {
  return toSeconds(parseNanoseconds(text));
}

/** Seconds of a Go duration; undefined without a text, and for one that Go cannot parse. */
export function readGoDuration(text: string | undefined): number | undefined {
  try {
    return text === undefined ? undefined : parseGoDuration(text);
  } catch {
    return undefined;
  }
}

/**
 * Seconds of an analysis metric's `interval` or `initialDelay`. An empty string is 0, because the controller treats it as an
 * absent field. Throws `RangeError` as `parseGoDuration` does.
 */
export function parseAnalysisDuration(text: string): number {
  return text === '' ? 0 : parseGoDuration(text);
}

/**
 * Whole seconds of `pause.duration`: a number is seconds, a string is an integer or a Go duration, truncated to seconds.
 * Returns -1 for any other string, as the controller does, whose validation then refuses the negative value.
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
    // Go on amd64 converts a value that does not fit into an int32 to the smallest int32.
    return isInt32(seconds) ? seconds : MIN_INT32;
  } catch {
    return -1;
  }
}
