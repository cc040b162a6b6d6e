import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../model/random.ts';
import { addLoss, type LossReason } from '../losses.ts';
import { versionOf } from '../release.ts';
import { type Visit, visit } from '../users/visit.ts';
import type { Answers, Totals } from '../world.ts';
import type { Clock } from './clock.ts';

/** A pod that users can send requests to. */
export interface Endpoint {
  /** Port of this machine. */
  readonly userPort: number;
  /** Pod template hash. */
  readonly hash: string;
  /** Called as a request is sent to it. */
  readonly onRequest: () => void;
  /** Whether it has been told to end. */
  readonly isEnding: boolean;
}

/** Seconds that the clock may run ahead of wall-clock time while a request is under way: less than a scrape interval. */
const AHEAD_SECONDS = 2;
/** Most requests on their way at once. More would compete for the processor, which the app would measure as latency. */
const MOST_ON_THEIR_WAY = 8;
/** Wall-clock milliseconds for which a request counts as on its way; later it waits for the app, not for the machine. */
const ON_THEIR_WAY_MILLISECONDS = 50;
const SETTLE_MILLISECONDS = 500;

/** Users that send requests over loopback at a constant rate, answered or not, each on a connection of its own. */
export function createUsers(requestsPerSecond: number, path: string, clock: Clock) {
  const random = createRandom(20_261_123);
  const open = new Set<Promise<void>>();
  /** Requests that a mirror copied to the canary. */
  let copies = 0;
  let began = Number.POSITIVE_INFINITY;
  let firstCanary: number | undefined;
  let [succeeded, lost] = [0, 0];
  const losses: Partial<Record<LossReason, number>> = {};
  const seen = { stable: { count: 0, lost: 0, seconds: 0 }, canary: { count: 0, lost: 0, seconds: 0 } };
  let onTheirWay = 0;
  /** Ends the hold of the clock when a request is no longer on its way; undefined without a hold. */
  let goOn: (() => void) | undefined;
  let callOff: () => void = () => undefined;

  function count(loss: LossReason | undefined): void {
    if (loss === undefined) {
      succeeded += 1;
    } else {
      lost += 1;
      addLoss(losses, loss);
    }
  }

  async function send(endpoint: Endpoint, isCounted: boolean): Promise<void> {
    const sentAt = performance.now();
    endpoint.onRequest();
    onTheirWay += 1;
    let isOnItsWay = true;
    const arrive = () => {
      onTheirWay -= Number(isOnItsWay);
      isOnItsWay = false;
      goOn?.();
      goOn = undefined;
    };
    const timer = setTimeout(arrive, ON_THEIR_WAY_MILLISECONDS);
    const end = clock.begin(AHEAD_SECONDS);
    const loss = lossOf(await visit('127.0.0.1', endpoint.userPort, path), endpoint);
    clearTimeout(timer);
    end();
    arrive();
    if (isCounted) {
      count(loss);
      const version = seen[versionOf(endpoint.hash)];
      version.count += 1;
      version.seconds += (performance.now() - sentAt) / 1000;
      version.lost += Number(loss !== undefined);
    }
  }

  function oneOf(endpoints: readonly Endpoint[]): Endpoint | undefined {
    return endpoints[Math.floor(random() * endpoints.length)];
  }

  function follow(visiting: Promise<void>): void {
    open.add(visiting);
    void visiting.finally(() => open.delete(visiting));
  }

  return {
    /** Sends requests until `stop`, each to a random one of `endpoints()`, and a copy to one of `copiedTo()` if any. */
    start(endpoints: () => readonly Endpoint[], copiedTo: () => readonly Endpoint[]): void {
      const started = clock.now();
      let sent = 0;
      const next = () => {
        callOff = clock.at(started + sent / requestsPerSecond, () => {
          const isCounted = clock.now() >= began;
          const [endpoint, mirror] = [oneOf(endpoints()), oneOf(copiedTo())];
          sent += 1;
          if (mirror !== undefined) {
            copies += Number(isCounted);
            // The answer to a copy is dropped.
            follow(send(mirror, false));
          }
          if (endpoint !== undefined) {
            follow(send(endpoint, isCounted));
          } else if (isCounted) {
            count('refused');
          }
          if (isCounted && endpoint !== undefined && versionOf(endpoint.hash) === 'canary') {
            firstCanary ??= clock.now();
          }
          if (onTheirWay >= MOST_ON_THEIR_WAY) {
            goOn = clock.hold();
          }
          next();
        });
      };
      if (requestsPerSecond > 0) {
        next();
      }
    },
    /** Resolves when no request is under way, but at the latest after half a second: the app is slow then, not the machine. */
    settle: () => Promise.race([Promise.all(open), sleep(SETTLE_MILLISECONDS, undefined, { ref: false })]),
    /** Stops sending; resolves when no request is under way. */
    async stop(): Promise<void> {
      callOff();
      await Promise.all(open);
    },
    /** As in `Users`. */
    begin(now: number): void {
      began = now;
    },
    /** Requests that have been answered or lost so far. */
    totals: (): Totals => ({
      succeeded,
      lost,
      losses: { ...losses },
      canary: seen.canary.count + copies,
      firstCanary,
      answers: { stable: meanOf(seen.stable), canary: meanOf(seen.canary) },
    }),
  };
}

/** Why a request was lost, undefined if it was not. A connection that an ending pod refused or broke is `terminating`. */
function lossOf(end: Visit, { isEnding }: Endpoint): LossReason | undefined {
  if (end === 'succeeded') {
    return undefined;
  }
  return (end === 'refused' || end === 'broken') && isEnding ? 'terminating' : end;
}

function meanOf({ count, lost, seconds }: { count: number; lost: number; seconds: number }): Answers {
  return { count, lost, meanSeconds: count === 0 ? 0 : seconds / count };
}
