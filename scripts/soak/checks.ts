/** What must hold under load, in the order of the report. */
export const CHECKS = {
  counted: 'sent = answered = counted',
  lost: 'requests lost in restarts',
  answers: 'answers as expected',
  items: 'items intact',
  hostile: 'hostile requests refused',
  memory: 'memory, < 1 MB a minute',
  eventLoop: 'event-loop p99, < 50 ms',
  series: 'series constant',
  processes: 'processes, and what they wrote',
} as const;

export type Check = keyof typeof CHECKS;

/** The first time that a check did not hold. */
export interface Breach {
  /** Seconds since the load began. */
  readonly at: number;
  readonly what: string;
  /** How often the check did not hold in the whole run. */
  readonly times: number;
}

/** What was seen of a check, and its breach. */
export interface CheckResult {
  readonly check: Check;
  readonly seen: string;
  readonly breach: Breach | undefined;
}

export interface Breaches {
  readonly report: (check: Check, what: string) => void;
  readonly of: (check: Check) => Breach | undefined;
}

/** `now` returns the seconds since the load began. `onBreach` is called for the first breach of each check. */
export function createBreaches(now: () => number, onBreach: (breach: Breach) => void): Breaches {
  const first = new Map<Check, Breach>();
  return {
    report(check, what) {
      const known = first.get(check);
      const breach = known === undefined ? { at: now(), what, times: 1 } : { ...known, times: known.times + 1 };
      first.set(check, breach);
      if (known === undefined) {
        onBreach(breach);
      }
    },
    of: (check) => first.get(check),
  };
}

/** The soak cannot be run here. The message says what was tried, and why it failed. */
export class SoakError extends Error {
  override readonly name = 'SoakError';
}
