import { ApiError } from './errors.ts';

/** What a simulated bad release does to user requests. Ratios 0–1, resolved to a millionth; together at most 1. */
export interface FaultSettings {
  /** Share of requests answered 500. */
  readonly errorRatio: number;
  /** Added before every answer, in seconds, 0–3600. */
  readonly latencySeconds: number;
  /** Share of requests never answered; the request deadline answers them 503. */
  readonly hangRatio: number;
}

export const NO_FAULTS: FaultSettings = { errorRatio: 0, latencySeconds: 0, hangRatio: 0 };

export type Fault = 'none' | 'error' | 'hang';

export interface Faults {
  readonly settings: FaultSettings;
  readonly isActive: boolean;
  set(settings: FaultSettings): void;
  /** What happens to the next request. */
  next(): Fault;
}

const WHOLE = 1_000_000;

/**
 * Faults that are exact, not random: what each ratio owes is summed request by request in whole millionths
 * (error diffusion). Once a whole request is owed, it fails in the way that is owed most. At error ratio 0.1
 * that is every 10th request.
 */
export function createFaults(initial: FaultSettings): Faults {
  let settings = initial;
  let [errorsOwed, hangsOwed] = [0, 0];
  return {
    get settings() {
      return settings;
    },
    get isActive() {
      return settings.errorRatio > 0 || settings.latencySeconds > 0 || settings.hangRatio > 0;
    },
    set(next) {
      settings = next;
      [errorsOwed, hangsOwed] = [0, 0];
    },
    next() {
      errorsOwed += Math.round(settings.errorRatio * WHOLE);
      hangsOwed += Math.round(settings.hangRatio * WHOLE);
      if (errorsOwed + hangsOwed < WHOLE) {
        return 'none';
      }
      if (hangsOwed > errorsOwed) {
        hangsOwed -= WHOLE;
        return 'hang';
      }
      errorsOwed -= WHOLE;
      return 'error';
    },
  };
}

const UPPER_BOUNDS: FaultSettings = { errorRatio: 1, latencySeconds: 3600, hangRatio: 1 };

/** The settings in a request's body; what is left out is 0. Throws `ApiError` BAD_REQUEST naming every problem. */
export function parseFaults(body: unknown): FaultSettings {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError('BAD_REQUEST', 'the body must be a JSON object');
  }
  const problems: string[] = [];
  const settings: Record<keyof FaultSettings, number> = { ...NO_FAULTS };
  for (const [field, value] of Object.entries(body)) {
    if (!isField(field)) {
      problems.push(
        `\`${field.slice(0, 40)}\` is not a field of the faults, which have ${Object.keys(NO_FAULTS).join(', ')}`,
      );
    } else if (typeof value !== 'number' || value < 0 || value > UPPER_BOUNDS[field]) {
      problems.push(`\`${field}\` must be a number between 0 and ${UPPER_BOUNDS[field]}`);
    } else {
      settings[field] = value;
    }
  }
  if (settings.errorRatio + settings.hangRatio > 1) {
    problems.push('`errorRatio` and `hangRatio` must not add up to more than 1');
  }
  if (problems.length > 0) {
    throw new ApiError('BAD_REQUEST', problems.slice(0, 5).join('; '));
  }
  return settings;
}

function isField(name: string): name is keyof FaultSettings {
  return Object.hasOwn(NO_FAULTS, name);
}
