import type { Clock } from './clock.ts';
import type { Fleet } from './fleet.ts';
import type { Instance } from './instance.ts';
import type { Redis } from './redis.ts';
import { type Event, scheduleOf } from './schedule.ts';

/** What was done to the service. */
export interface Disturbances {
  restarts: number;
  backendKills: number;
  kills: number;
}

interface DisturbSettings {
  /** A moment of the clock. */
  readonly begin: number;
  readonly seconds: number;
  readonly fleet: Fleet;
  readonly redis: Redis;
  readonly clock: Clock;
  /** Never touched: its memory is judged. */
  readonly longLived: Instance;
  readonly onEvent: (what: string) => void;
}

/**
 * Carries out the schedule; one event does not wait for the one before. Resolves when the last has come to its end, rejects as soon as one
 * cannot be carried out.
 */
export async function disturb(settings: DisturbSettings, signal: AbortSignal): Promise<Disturbances> {
  const { begin, seconds, fleet, redis, clock, longLived, onEvent } = settings;
  const done: Disturbances = { restarts: 0, backendKills: 0, kills: 0 };
  const leaving = new Set<Instance>();

  /** The one that has been there longest, but for the long-lived one. */
  function oldest(): Instance | undefined {
    return fleet.members().find((instance) => instance !== longLived && !leaving.has(instance));
  }

  async function restart(): Promise<void> {
    const instance = await fleet.start();
    const old = oldest();
    if (old !== undefined && !signal.aborted) {
      leaving.add(old);
      onEvent(`${instance.name} started, ${old.name} sent SIGTERM`);
      await fleet.retire(old);
      done.restarts += 1;
    }
  }

  async function kill(): Promise<void> {
    const victim = oldest();
    if (victim !== undefined) {
      leaving.add(victim);
      await fleet.kill(victim);
      done.kills += 1;
      onEvent(`${victim.name} killed with kill -9`);
      const instance = await fleet.start();
      onEvent(`${instance.name} started in its place`);
    }
  }

  async function play({ what }: Event): Promise<void> {
    switch (what) {
      case 'restart':
        return restart();
      case 'kill':
        return kill();
      case 'backend-kill':
        await redis.kill();
        done.backendKills += 1;
        return onEvent('backend killed with kill -9');
      case 'backend-back':
        await redis.restart();
        return onEvent('backend back');
      default:
        return what satisfies never;
    }
  }

  const playing: Promise<void>[] = [];
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  for (const event of scheduleOf(seconds)) {
    await clock.until(begin + event.at, stop);
    if (stop.aborted) {
      break;
    }
    const one = play(event);
    // Told below, where all are waited for.
    one.catch(() => failed.abort());
    playing.push(one);
  }
  await Promise.all(playing);
  return done;
}
