import { createHistogram } from 'node:perf_hooks';
import type { Breaches } from './checks.ts';
import { createClient } from './client.ts';
import type { Fleet } from './fleet.ts';
import { runHostile, runSlowHeader } from './hostile.ts';
import type { Ledger } from './ledger.ts';
import type { Redis } from './redis.ts';
import { now } from './time.ts';
import { runUser } from './user.ts';

/** Who asks, and how often. The rates leave half of two cores idle, so that what the event loops are late by is their own doing. */
const LOAD = {
  /** On connections that are kept for 40 requests, 20 seconds. */
  keptUsers: 200,
  keptRequests: 40,
  /** On a connection a request. */
  freshUsers: 50,
  /** Seconds between two requests of a user: 500 a second in all. */
  periodSeconds: 0.5,
  hostilePerSecond: 20,
  slowHeaders: 20,
} as const;

export type Load = ReturnType<typeof createLoad>;

/** Requests, as their senders count them. */
export function createLoad({ choose }: Fleet, redis: Redis, ledger: Ledger, breaches: Breaches) {
  const service = { sent: 0, unavailable: 0, lost: 0, lostWithKilled: 0, latency: createHistogram() };
  const hostility = { sent: 0, asked: 0 };
  const users = LOAD.keptUsers + LOAD.freshUsers;
  const { periodSeconds } = LOAD;
  const common = { periodSeconds, ledger, service, breaches, wasBackendAway: redis.wasAway };
  return {
    service,
    hostility,
    /** Resolves when the last has been answered, after the signal. */
    async run(signal: AbortSignal): Promise<void> {
      const begin = now();
      const user = (index: number) => {
        const client = createClient(choose, index < LOAD.keptUsers ? LOAD.keptRequests : 1);
        // They do not ask in step.
        return runUser(`user-${index + 1}`, client, common, begin + (index / users) * periodSeconds, signal);
      };
      await Promise.all([
        ...Array.from({ length: users }, (_, index) => user(index)),
        runHostile(LOAD.hostilePerSecond, choose, hostility, breaches, signal),
        ...Array.from({ length: LOAD.slowHeaders }, () => runSlowHeader(choose, signal)),
      ]);
    },
  };
}
