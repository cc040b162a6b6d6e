import { setTimeout as sleep } from 'node:timers/promises';

/** The wall's clock, or one that is faster by a factor. */
export interface Clock {
  /** Seconds. */
  readonly now: () => number;
  /** Resolves at a moment, or when the signal is aborted. */
  readonly until: (time: number, signal?: AbortSignal) => Promise<void>;
}

export function createClock(speed: number, start: number): Clock {
  const began = performance.now();
  const now = () => start + ((performance.now() - began) / 1000) * speed;
  return {
    now,
    async until(time, signal) {
      const milliseconds = Math.max(0, ((time - now()) * 1000) / speed);
      // An early end is no error: the caller looks at its signal itself.
      await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
  };
}
