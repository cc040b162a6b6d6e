import { parseGoDuration, pauseSeconds } from '../argo/duration.ts';
import { compare, type Difference } from './check.ts';

interface DurationCase {
  readonly kind: 'pause' | 'analysis';
  readonly input: unknown;
  readonly seconds: number | null;
  readonly error?: string;
}

/** Whether a pause's duration is a text or an integer of 32 bits. The schema refuses others before the engine sees them. */
function isDecodable(input: unknown): input is string | number {
  return typeof input === 'string' || (Number.isInteger(input) && input === (Number(input) | 0));
}

export function checkDuration({ kind, input, seconds }: DurationCase): Difference | undefined {
  if (kind === 'pause') {
    const got = input === null ? 0 : isDecodable(input) ? pauseSeconds(input) : null;
    return compare(seconds, got);
  }
  try {
    return compare(seconds, parseGoDuration(input as string));
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    return compare(seconds, null);
  }
}
