import type { Sample } from '../outcome.ts';
import { CANARY } from '../release.ts';
import type { Clock } from './clock.ts';
import { type Endpoint, rampSeconds, runLoad, type Visit } from './load.ts';
import { createStrain } from './strain.ts';

/** The users of a rehearsal, and how they fared. */
export interface Users {
  /** Resolves when the last one has been answered, after the signal. */
  readonly run: (signal: AbortSignal, endpoints: () => readonly Endpoint[]) => Promise<void>;
  /** Whether the load is at its full rate and, for a moment, nothing was lost; never mind how long it took. */
  readonly isSteady: (now: number) => boolean;
  /** Counts from here on. */
  readonly begin: (now: number) => void;
  readonly counts: () => Counts;
  /** Whether the machine is too slow for all of them. */
  readonly isMachineBusy: () => boolean;
  /** When the canary was first asked, seconds since the epoch. */
  readonly firstCanary: () => number | undefined;
  /** The samples with each second's requests. */
  readonly fill: (samples: readonly Sample[]) => readonly Sample[];
}

export interface Counts {
  readonly sent: number;
  readonly lost: number;
  readonly canary: number;
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
): Users {
  const visits: Visit[] = [];
  let begin = Number.POSITIVE_INFINITY;
  let started = 0;
  let lastLost = 0;
  let [sent, lost, canary] = [0, 0, 0];
  const strain = createStrain();

  function count(visit: Visit): void {
    if (!isBackendDown(visit.at) && !isBackendDown(clock.now())) {
      strain.note(visit);
    }
    lastLost = visit.isLost ? clock.now() : lastLost;
    if (visit.at >= begin) {
      visits.push(visit);
      sent += 1;
      lost += Number(visit.isLost);
      canary += Number(visit.hash === CANARY);
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
    counts: () => ({ sent, lost, canary }),
    isMachineBusy: () => strain.isTooMuch(),
    firstCanary() {
      const times = visits.filter(({ hash }) => hash === CANARY).map(({ at }) => at);
      return times.length === 0 ? undefined : times.reduce((first, at) => Math.min(first, at));
    },
    fill(samples) {
      const counts = samples.map(() => ({ succeeded: 0, lost: 0 }));
      for (const { at, isLost } of visits) {
        const second = counts[Math.floor(at - begin)];
        if (second !== undefined) {
          second[isLost ? 'lost' : 'succeeded'] += 1;
        }
      }
      return samples.map((sample, index) => ({ ...sample, ...counts[index] }));
    },
  };
}
