import type { Fleet } from './fleet.ts';
import type { Instance } from './instance.ts';
import type { Redis } from './redis.ts';

/** What was done to the service. */
export interface Disturbances {
  restarts: number;
  outages: number;
}

interface DisturbSettings {
  readonly seconds: number;
  readonly fleet: Fleet;
  readonly redis: Redis;
  /** Never ended, because its memory is judged over the whole run. */
  readonly longLived: Instance;
  readonly onEvent: (what: string) => void;
  /** Resolves `at` seconds after the load began, or when the signal is aborted. */
  readonly until: (at: number, signal: AbortSignal) => Promise<void>;
}

const [RESTART_EVERY_SECONDS, OUTAGE_SECONDS] = [10, 2];

/** The events, earliest first, each with its time in seconds since the load began. */
export function scheduleOf(seconds: number): readonly (readonly [at: number, what: 'restart' | 'outage' | 'kill'])[] {
  // The last restart begins at least 10 s before the end, and is waited for.
  const restarts = Array.from({ length: Math.floor(seconds / RESTART_EVERY_SECONDS) - 1 }, (_, index) => index + 1);
  return [
    ...restarts.map((nth) => [nth * RESTART_EVERY_SECONDS, 'restart'] as const),
    ...[0.35, 0.7].map((share) => [seconds * share, 'outage'] as const),
    [seconds * 0.55, 'kill'] as const,
  ].toSorted(([a], [b]) => a - b);
}

/** Carries out the schedule; one event does not wait for the one before. Rejects as soon as one cannot be carried out. */
export async function disturb(settings: DisturbSettings, signal: AbortSignal): Promise<Disturbances> {
  const { seconds, fleet, redis, longLived, onEvent, until } = settings;
  const done: Disturbances = { restarts: 0, outages: 0 };
  const leaving = new Set<Instance>([longLived]);

  /** The oldest instance that is not ending yet, and marks it as ending. */
  function takeOldest(): Instance | undefined {
    const instance = fleet.members().find((one) => !leaving.has(one));
    return instance && leaving.add(instance) && instance;
  }

  const play = {
    async outage(at: number) {
      await redis.kill();
      onEvent('backend killed with kill -9');
      await until(at + OUTAGE_SECONDS, signal);
      await redis.restart();
      await fleet.reconnect();
      redis.endOutage();
      done.outages += 1;
      onEvent('backend back');
    },
    async restart() {
      const { name } = await fleet.start();
      const old = takeOldest();
      if (old !== undefined && !signal.aborted) {
        onEvent(`${name} started, ${old.name} sent SIGTERM`);
        await fleet.retire(old);
        done.restarts += 1;
      }
    },
    async kill() {
      const victim = takeOldest();
      victim?.end('SIGKILL');
      await victim?.process.exited;
      onEvent(`${victim?.name} killed with kill -9`);
      onEvent(`${(await fleet.start()).name} started in its place`);
    },
  };
  await Promise.all(
    scheduleOf(seconds).map(async ([at, what]) => {
      await until(at, signal);
      if (!signal.aborted) {
        await play[what](at);
      }
    }),
  );
  return done;
}
