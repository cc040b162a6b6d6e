/** What is held while the load goes on, in the order in which it is told. */
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
  /** How often it did not hold in all. */
  readonly times: number;
}

export interface Breaches {
  readonly report: (check: Check, what: string) => void;
  readonly of: (check: Check) => Breach | undefined;
  readonly count: () => number;
}

/** `onBreach` hears of the first of each check. */
export function createBreaches(now: () => number, onBreach: (check: Check, breach: Breach) => void): Breaches {
  const first = new Map<Check, Breach>();
  return {
    report(check, what) {
      const known = first.get(check);
      if (known === undefined) {
        const breach = { at: now(), what, times: 1 };
        first.set(check, breach);
        onBreach(check, breach);
      } else {
        first.set(check, { ...known, times: known.times + 1 });
      }
    },
    of: (check) => first.get(check),
    count: () => first.size,
  };
}
