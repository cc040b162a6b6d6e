import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClock } from '../clock.ts';

/** Seconds of the wall that count at most for one step: a process that was not run for longer only lost time by it. */
const MOST_STEP = 0.02;

/** A cluster's time for tests, whose cluster is this process: `speed` times as fast as the wall's, and it waits where the process does. */
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
