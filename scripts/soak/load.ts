import { createHistogram } from 'node:perf_hooks';
import type { Breaches } from './checks.ts';
import { createClient } from './client.ts';
import type { Fleet } from './fleet.ts';
import { runHostile, runSlowHeader } from './hostile.ts';
import type { Ledger } from './ledger.ts';
import type { Redis } from './redis.ts';
import { now } from './time.ts';
import { runUser } from './user.ts';

/** The clients and their rates, which leave half of two cores idle: an event loop that is late then is the service's fault. */
const LOAD = {
  /** Users whose connections carry 40 requests each, in 20 seconds. */
  keptUsers: 200,
  keptRequests: 40,
  /** Users that open a connection for each request. */
  freshUsers: 50,
  /** Seconds between two requests of a user: 500 a second in all. */
  periodSeconds: 0.5,
  hostilePerSecond: 20,
  slowHeaders: 20,
} as const;

export type Load = ReturnType<typeof createLoad>;

/** All clients, with the requests and responses that they count. */
export function createLoad({ choose }: Fleet, redis: Redis, ledger: Ledger, breaches: Breaches) {
  const service = { sent: 0, unavailable: 0, lost: 0, lostWithKilled: 0, latency: createHistogram() };
  const hostility = { sent: 0, asked: 0 };
  const users = LOAD.keptUsers + LOAD.freshUsers;
  const { periodSeconds } = LOAD;
  const common = { periodSeconds, ledger, service, breaches, wasBackendAway: redis.wasAway };
  return {
    service,
    hostility,
    /** Sends until the signal is aborted, and resolves when the last request has ended. */
    async run(signal: AbortSignal): Promise<void> {
      const begin = now();
      const user = (index: number) => {
        const client = createClient(choose, index < LOAD.keptUsers ? LOAD.keptRequests : 1);
        // The first requests are spread over one period, so that users do not send all at once.
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
