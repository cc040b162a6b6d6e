import { CANARY } from '../release.ts';
import type { Totals, Users } from '../world.ts';
import type { Clock } from './clock.ts';
import { type Endpoint, rampSeconds, runLoad, type Visit } from './load.ts';
import { createStrain } from './strain.ts';

/** Users that send requests over loopback. */
export interface LocalUsers extends Users {
  /** Resolves when the last one has been answered, after the signal. */
  readonly run: (signal: AbortSignal, endpoints: () => readonly Endpoint[]) => Promise<void>;
  /** Whether the load is at its full rate and, for a moment, nothing was lost; never mind how long it took. */
  readonly isSteady: (now: number) => boolean;
  /** Of the answers that have come. */
  readonly totals: () => Totals;
  /** Whether the machine is too slow for all of them. */
  readonly isMachineBusy: () => boolean;
}

/** Seconds of the wall without a lost request before a release, and how long to wait for them. */
const STEADY_SECONDS = 0.8;
const MOST_SECONDS = 15;

/** `isBackendDown` at a moment: what then answers late waits for its backend, whatever the machine. */
export function createUsers(
  requestsPerSecond: number,
  path: string,
  clock: Clock,
  isBackendDown: (now: number) => boolean,
): LocalUsers {
  let begin = Number.POSITIVE_INFINITY;
  let started = 0;
  let lastLost = 0;
  let firstCanary: number | undefined;
  let [succeeded, lost, canary] = [0, 0, 0];
  const strain = createStrain();

  function count(visit: Visit): void {
    if (!isBackendDown(visit.at) && !isBackendDown(clock.now())) {
      strain.note(visit);
    }
    lastLost = visit.isLost ? clock.now() : lastLost;
    if (visit.at >= begin) {
      succeeded += Number(!visit.isLost);
      lost += Number(visit.isLost);
      if (visit.hash === CANARY) {
        canary += 1;
        firstCanary = Math.min(firstCanary ?? visit.at, visit.at);
      }
    }
  }

  return {
    run(signal, endpoints) {
      started = clock.now();
      return runLoad(requestsPerSecond, path, clock, signal, endpoints, count);
    },
    isSteady(now) {
      const full = started + rampSeconds(requestsPerSecond, clock) * clock.speed;
      return (
        requestsPerSecond === 0 ||
        now - Math.max(full, lastLost) > STEADY_SECONDS * clock.speed ||
        now - started > MOST_SECONDS * clock.speed
      );
    },
    begin(now) {
      begin = now;
      strain.begin();
    },
    totals: () => ({ succeeded, lost, canary }),
    isMachineBusy: () => strain.isTooMuch(),
    firstCanary: () => firstCanary,
  };
}
