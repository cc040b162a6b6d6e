import { setTimeout as sleep } from 'node:timers/promises';

/** A clock that runs faster than the wall's. Its seconds are the cluster's: pauses, probes, scrapes. */
export interface Clock {
  readonly speed: number;
  /** Seconds since the epoch, of the rehearsal. */
  readonly now: () => number;
  /** Resolves at a moment, or when the signal is aborted. */
  readonly until: (time: number, signal?: AbortSignal) => Promise<void>;
  /** Milliseconds of the wall that so many seconds take. */
  readonly milliseconds: (seconds: number) => number;
}

export function createClock(speed: number, start: number): Clock {
  const began = performance.now();
  const now = () => start + ((performance.now() - began) / 1000) * speed;
  const milliseconds = (seconds: number) => (seconds * 1000) / speed;
  return {
    speed,
    now,
    milliseconds,
    async until(time, signal) {
      const wait = milliseconds(time - now());
      // An early end is no error: the caller looks at its signal itself.
      await sleep(Math.max(0, wait), undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
  };
}
