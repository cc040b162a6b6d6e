const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** Seconds as PromQL writes a duration, such as `1m30s`; `0s` for none. */
export function formatDuration(seconds: number): string {
  let rest = Math.round(Math.abs(seconds) * 1000);
  if (rest === 0) {
    return '0s';
  }
  let text = seconds < 0 ? '-' : '';
  for (const [unit, milliseconds] of UNITS) {
    const count = Math.floor(rest / milliseconds);
    if (count > 0) {
      text += `${count}${unit}`;
    }
    rest -= count * milliseconds;
  }
  return text;
}
