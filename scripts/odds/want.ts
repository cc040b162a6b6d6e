/** A release that must be caught 9 times in 10. */
export interface Catch {
  /** 0–1. */
  readonly failureRatio: number;
  readonly requestsPerSecond: number;
}

/** What a gate is wanted to do. */
export interface Want {
  readonly catches: readonly Catch[];
  /** At each of these rates a healthy release must be aborted less often than once in `onceIn`. */
  readonly healthy: { readonly onceIn: number; readonly requestsPerSecond: readonly number[] } | undefined;
}

/** A wish that cannot be read. */
export class WantError extends Error {
  override readonly name = 'WantError';
}

const NUMBER = String.raw`(\d+(?:\.\d+)?|\.\d+)`;
const CATCH = new RegExp(String.raw`^catch\s+${NUMBER}\s*(%?)\s+at\s+${NUMBER}\s*rps$`, 'i');
const HEALTHY = new RegExp(String.raw`^abort\s+healthy\s*<\s*1\s+in\s+(\d[\d_]*)(?:\s+at\s+${NUMBER}\s*rps)?$`, 'i');
/** Requests a second where no clause names them. */
const USUAL = 100;
/** Largest `onceIn`: beyond it a proof takes too many releases. */
const MOST_HEALTHY = 10_000;

/** Reads `catch 2 % at 10 rps, abort healthy < 1 in 200`. Throws WantError. */
export function parseWant(text: string): Want {
  const catches: Catch[] = [];
  let healthy: { readonly onceIn: number; readonly at: number | undefined } | undefined;
  for (const clause of text.split(/,|\band\b/).map((part) => part.trim())) {
    const [, ratio, sign, traffic] = CATCH.exec(clause) ?? [];
    const [, onceIn, at] = HEALTHY.exec(clause) ?? [];
    if (ratio !== undefined) {
      const failureRatio = sign === '%' ? Number((Number(ratio) / 100).toPrecision(12)) : Number(ratio);
      catches.push({ failureRatio, requestsPerSecond: Number(traffic) });
    } else if (onceIn !== undefined && healthy === undefined) {
      healthy = { onceIn: Number(onceIn.replaceAll('_', '')), at: at === undefined ? undefined : Number(at) };
    } else {
      throw new WantError(`must read 'catch 2 % at 10 rps, abort healthy < 1 in 200', got '${clause}'`);
    }
  }
  if (catches.some(({ failureRatio }) => failureRatio <= 0 || failureRatio > 1)) {
    throw new WantError('must catch a ratio greater than 0 and less than or equal to 1, or 100 %');
  }
  if (catches.some(({ requestsPerSecond }) => requestsPerSecond <= 0) || healthy?.at === 0) {
    throw new WantError('must name requests a second greater than 0');
  }
  if (healthy !== undefined && (healthy.onceIn < 2 || healthy.onceIn > MOST_HEALTHY)) {
    throw new WantError(`must allow a healthy release to be aborted once in 2 to ${MOST_HEALTHY}`);
  }
  return { catches, healthy: healthy && { onceIn: healthy.onceIn, requestsPerSecond: ratesOf(catches, healthy.at) } };
}

function ratesOf(catches: readonly Catch[], at: number | undefined): readonly number[] {
  const named = [...new Set(catches.map(({ requestsPerSecond }) => requestsPerSecond))];
  return at === undefined ? (named.length === 0 ? [USUAL] : named) : [at];
}
