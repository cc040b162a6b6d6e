import type { Scenario } from './scenario.ts';

/** Requests a second of the wall that two cores serve, clients included, without being late. */
const WALL_REQUESTS_PER_SECOND = 1100;
const MOST_SPEED = 20;
/** The share that the probes and scrapes of a handful of pods take at the highest speed. */
const PROBES_AND_SCRAPES = 0.4;
/** Beside users nobody else should start processes in bulk: no request may be lost to it. */
const ELBOW_ROOM = 0.15;

/** How much faster than the wall a scenario's clock may run and still come out the same: within 2 s of speed 1 here. */
export function speedFor({ requestsPerSecond, maxSpeed = MOST_SPEED }: Scenario, asked?: number): number {
  const most = requestsPerSecond === 0 ? MOST_SPEED : WALL_REQUESTS_PER_SECOND / requestsPerSecond;
  return Math.min(asked ?? Math.min(most, MOST_SPEED), maxSpeed);
}

/** The share of this machine that a scenario takes, 0–1: what may run beside others. */
export function costOf({ requestsPerSecond }: Scenario, speed: number): number {
  const users = (requestsPerSecond * speed) / WALL_REQUESTS_PER_SECOND;
  return (PROBES_AND_SCRAPES * speed) / MOST_SPEED + users + (users > 0 ? ELBOW_ROOM : 0);
}

/** Runs jobs in their order, as many at once as their costs come to 1. Rejects with the first failure. */
export async function runWithin<Job>(
  jobs: readonly Job[],
  cost: (job: Job) => number,
  run: (job: Job) => Promise<void>,
): Promise<void> {
  const waiting = [...jobs];
  const running = new Set<Promise<void>>();
  let used = 0;
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex((job) => running.size === 0 || used + cost(job) <= 1 + 1e-9);
    const [job] = next === -1 ? [] : waiting.splice(next, 1);
    if (job === undefined) {
      await Promise.race(running);
      continue;
    }
    used += cost(job);
    const done: Promise<void> = run(job).finally(() => {
      used -= cost(job);
      running.delete(done);
    });
    running.add(done);
  }
}
