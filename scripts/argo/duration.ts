const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-9],
  ['us', 1e-6],
  ['µs', 1e-6],
  ['μs', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
]);
const MAX_INT32 = 2 ** 31 - 1;
/** What Go's `time.Duration` holds: 2^63 - 1 nanoseconds. */
const MAX_SECONDS = 9223372036.854776;

/**
 * Seconds of a Go duration such as `1m30s`, `-0.5h` or `0`; units ns, us, ms, s, m, h.
 * Throws `RangeError` with Go's own words for anything else. Mirrors `time.ParseDuration` (Go 1.26).
 */
export function parseGoDuration(text: string): number {
  const invalid = () => new RangeError(`invalid duration ${JSON.stringify(text)}`);
  const sign = text.startsWith('-') ? -1 : 1;
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') {
    return 0;
  }
  if (rest === '') {
    throw invalid();
  }
  let seconds = 0;
  while (rest !== '') {
    const [number] = /^(\d+\.?\d*|\.\d+)/.exec(rest) ?? [];
    if (number === undefined) {
      throw invalid();
    }
    rest = rest.slice(number.length);
    const [unit] = /^[^\d.]*/.exec(rest) as RegExpExecArray;
    if (unit === '') {
      throw new RangeError(`missing unit in duration ${JSON.stringify(text)}`);
    }
    const unitSeconds = UNIT_SECONDS.get(unit);
    if (unitSeconds === undefined) {
      throw new RangeError(`unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    }
    rest = rest.slice(unit.length);
    seconds += Number(number) * unitSeconds;
  }
  if (seconds > MAX_SECONDS) {
    throw invalid();
  }
  return sign * seconds;
}

/** Seconds of an analysis metric's `interval` or `initialDelay`; the empty string is 0. Throws `RangeError` as `parseGoDuration` does. Mirrors `DurationString.Duration`. */
export function parseAnalysisDuration(text: string): number {
  return text === '' ? 0 : parseGoDuration(text);
}

/**
 * Whole seconds of `pause.duration`: an integer is seconds, a string is an integer or a Go duration cut to whole seconds.
 * -1 for a string that is neither, as the controller has it: it refuses negative ones.
 * Mirrors `RolloutPause.DurationSeconds` in argo-rollouts `pkg/apis/rollouts/v1alpha1/types.go` (v1.9.1).
 */
export function pauseSeconds(duration: number | string): number {
  if (typeof duration === 'number') {
    return duration;
  }
  if (/^[+-]?\d+$/.test(duration) && Math.abs(Number(duration)) <= MAX_INT32) {
    return Number(duration);
  }
  try {
    return Math.trunc(parseGoDuration(duration)) + 0;
  } catch {
    return -1;
  }
}
