import { createHistogram } from 'node:perf_hooks';
import type { Breaches } from './breaches.ts';
import type { Clock } from './clock.ts';
import { runDrips } from './drips.ts';
import type { Fleet } from './fleet.ts';
import { runHostile } from './hostile.ts';
import type { HostileRequest } from './hostile-requests.ts';
import type { Instance } from './instance.ts';
import type { Ledger } from './ledger.ts';
import type { Redis } from './redis.ts';
import { type Fares, runUser } from './user.ts';
import { createVisitor } from './visitor.ts';

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
  drips: 20,
} as const;

const [WARM_UP_USERS, WARM_UP_SECONDS] = [16, 8];

/** Requests as their senders count them. */
export interface Load {
  readonly fares: Fares;
  readonly hostileSent: () => number;
  /** Of users and hostile senders, those that wait for an answer. */
  readonly asked: () => number;
  /** Users of one instance alone, as fast as they are answered: it then does what it does once and for all before it is measured. */
  readonly warmUp: (instance: Instance, signal: AbortSignal) => Promise<void>;
  /** Resolves when the last has been answered, after the signal. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

interface LoadSettings {
  readonly fleet: Fleet;
  readonly redis: Redis;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly breaches: Breaches;
}

export function createLoad({ fleet, redis, ledger, clock, breaches }: LoadSettings): Load {
  const fares: Fares = { sent: 0, answered: 0, unavailable: 0, lost: 0, lostWithKilled: 0, latency: createHistogram() };
  const { choose } = fleet;
  let [hostileSent, hostileAsked] = [0, 0];
  const users = LOAD.keptUsers + LOAD.freshUsers;

  const common = { clock, ledger, fares, breaches, wasBackendAway: redis.wasAway };

  async function runOne(index: number, signal: AbortSignal): Promise<void> {
    const visitor = createVisitor(choose, index < LOAD.keptUsers ? LOAD.keptRequests : 1);
    const { periodSeconds } = LOAD;
    const offsetSeconds = (index / users) * periodSeconds;
    await runUser({ ...common, name: `user-${index + 1}`, visitor, periodSeconds, offsetSeconds }, signal);
  }

  return {
    fares,
    hostileSent: () => hostileSent,
    asked: () => fares.sent + hostileAsked,
    async warmUp(instance, signal) {
      const end = AbortSignal.any([signal, AbortSignal.timeout(WARM_UP_SECONDS * 1000)]);
      const warm = (index: number) => {
        const visitor = createVisitor(() => instance, LOAD.keptRequests);
        return runUser({ ...common, name: `warm-up-${index}`, visitor, periodSeconds: 0, offsetSeconds: 0 }, end);
      };
      await Promise.all(Array.from({ length: WARM_UP_USERS }, (_, index) => warm(index)));
    },
    async run(signal) {
      const onSent = ({ key }: HostileRequest) => {
        hostileSent += 1;
        hostileAsked += Number(key !== undefined);
      };
      await Promise.all([
        ...Array.from({ length: users }, (_, index) => runOne(index, signal)),
        runHostile(LOAD.hostilePerSecond, { choose, clock, breaches, onSent }, signal),
        runDrips(LOAD.drips, choose, clock, signal),
      ]);
    },
  };
}
