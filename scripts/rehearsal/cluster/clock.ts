import { setTimeout as sleep } from 'node:timers/promises';

/** The time of a cluster. It runs like wall-clock time; a test's runs faster. */
export interface ClusterClock {
  /** Seconds since the epoch. */
  readonly now: () => number;
  /** Resolves at `time`, seconds since the epoch, or when the signal aborts; never rejects. */
  readonly until: (time: number, signal: AbortSignal) => Promise<void>;
}

export function createClusterClock(): ClusterClock {
  const start = Date.now() / 1000;
  const began = performance.now();
  const now = () => start + (performance.now() - began) / 1000;
  return {
    now,
    async until(time, signal) {
      // An early end is no error: the caller checks its signal.
      await sleep(Math.max(0, (time - now()) * 1000), undefined, { signal }).catch(() => undefined);
    },
  };
}
