import { availableParallelism } from 'node:os';
import type { Scenario } from './scenario.ts';

/** Requests a second of the wall that the reference, two cores, serves without being late: clients, pods and store together. */
const WALL_REQUESTS_PER_SECOND = 1100;
const MOST_SPEED = 20;
/** What two cores bear in all: more than one scenario's users may be worth, since each waits most of the time. */
const BEARABLE_REQUESTS_PER_SECOND = 1500;
/** The share that the probes and scrapes of a handful of pods take at the highest speed. */
const PROBES_AND_SCRAPES = 0.32;
/** And for starting its processes; so no more than two run beside each other at the highest speed. */
const ELBOW_ROOM = 0.04;

/** Milliseconds that `spin` takes on the reference. */
const REFERENCE_MILLISECONDS = 13.7;
/** The best of so many: another program's moment on the core is no slower machine, and a play that comes too fast for it is told. */
const SPINS = 5;

/**
 * How much slower than the reference (two cores of a server of 2026) this machine is, 0–1 and never more: measured with arithmetic,
 * in about 70 ms. Anything beyond a tenth is taken for noise.
 */
export function measureMachine(): number {
  const times = Array.from({ length: SPINS }, () => {
    const began = performance.now();
    spin();
    return performance.now() - began;
  });
  const pace = REFERENCE_MILLISECONDS / Math.min(...times);
  const cores = Math.min(1, availableParallelism() / 2);
  return cores * (pace > 0.9 ? 1 : pace);
}

function spin(): number {
  let sum = 0;
  for (let step = 0; step < 1e7; step += 1) {
    sum += step % 7;
  }
  return sum;
}

/**
 * How much faster than the wall a scenario's clock may run and still come out the same: within 2 s of speed 1. `machine` is
 * `measureMachine`'s answer.
 */
export function speedFor(
  { requestsPerSecond, maxSpeed = MOST_SPEED }: Scenario,
  machine: number,
  asked?: number,
): number {
  const most = requestsPerSecond === 0 ? MOST_SPEED : WALL_REQUESTS_PER_SECOND / requestsPerSecond;
  return Math.min(asked ?? machine * Math.min(most, MOST_SPEED), maxSpeed);
}

/** The share of this machine that a scenario takes, 0–1: what may run beside others. */
export function costOf({ requestsPerSecond }: Scenario, speed: number, machine: number): number {
  const users = (requestsPerSecond * speed) / BEARABLE_REQUESTS_PER_SECOND;
  return ((PROBES_AND_SCRAPES * speed) / MOST_SPEED + users + ELBOW_ROOM) / machine;
}

/**
 * Runs jobs in their order, as many at once as their costs come to 1. Rejects with the first failure, once the others, whose signal is
 * aborted then, have ended too.
 */
export async function runWithin<Job>(
  jobs: readonly Job[],
  cost: (job: Job) => number,
  run: (job: Job, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const waiting = [...jobs];
  const running = new Set<Promise<void>>();
  const failed = new AbortController();
  let used = 0;
  try {
    while (waiting.length > 0 || running.size > 0) {
      const next = waiting.findIndex((job) => running.size === 0 || used + cost(job) <= 1 + 1e-9);
      const [job] = next === -1 ? [] : waiting.splice(next, 1);
      if (job === undefined) {
        await Promise.race(running);
        continue;
      }
      used += cost(job);
      const done: Promise<void> = run(job, failed.signal).finally(() => {
        used -= cost(job);
        running.delete(done);
      });
      running.add(done);
    }
  } catch (error) {
    failed.abort();
    await Promise.allSettled(running);
    throw error;
  }
}
