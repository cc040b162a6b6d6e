import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClock } from '../clock.ts';

/** Seconds of wall-clock time that count at most between two looks: a longer gap means that the process did not run. */
const MOST_STEP = 0.02;

/** A clock for tests, whose cluster is this process: `speed` times wall-clock time, stopped while the process does not run. */
export function createPatientClock(speed: number): ClusterClock {
  let now = Date.now() / 1000;
  let last = performance.now() / 1000;
  const look = () => {
    const wall = performance.now() / 1000;
    now += Math.min(wall - last, MOST_STEP) * speed;
    last = wall;
    return now;
  };
  return {
    now: look,
    async until(time, signal) {
      while (!signal.aborted && look() < time) {
        await sleep(Math.min(20, ((time - now) * 1000) / speed), undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
