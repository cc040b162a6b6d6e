import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../model/random.ts';
import { addLoss, type LossReason } from '../losses.ts';
import { versionOf } from '../release.ts';
import type { Answers, Totals, Users, VersionAnswers } from '../world.ts';
import type { Clock } from './clock.ts';
import { type Unanswered, visit } from './visit.ts';

/** A pod that users can send requests to. */
export interface Endpoint {
  /** Port of this machine. */
  readonly userPort: number;
  /** Pod template hash. */
  readonly hash: string;
  /** Called as a request is sent to it. */
  readonly onRequest: () => void;
  /** Whether it has been told to end. */
  readonly isEnding: () => boolean;
}

/** Users that send requests over loopback at a constant rate, answered or not, each on a connection of its own. */
export interface LocalUsers extends Users {
  /** Sends requests until `stop`, each to a random one of `endpoints()`, and a copy to one of `copiedTo()` if any. */
  readonly start: (endpoints: () => readonly Endpoint[], copiedTo: () => readonly Endpoint[]) => void;
  /** Resolves when no request is under way, but at the latest after half a second: the app is slow then, not the machine. */
  readonly settle: () => Promise<unknown>;
  /** Stops sending; resolves when no request is under way. */
  readonly stop: () => Promise<void>;
  /** Requests that have been answered or lost so far. */
  readonly totals: () => Totals;
  readonly answers: () => VersionAnswers;
}

/** Seconds that the clock may run ahead of wall-clock time while a request is under way: less than a scrape interval. */
const AHEAD_SECONDS = 2;
/** Most requests on their way at once. More would compete for the processor, which the app would measure as latency. */
const MOST_ON_THEIR_WAY = 8;
/** Wall-clock milliseconds for which a request counts as on its way; later it waits for the app, not for the machine. */
const ON_THEIR_WAY_MILLISECONDS = 50;
const SETTLE_MILLISECONDS = 500;

export function createUsers(requestsPerSecond: number, path: string, clock: Clock): LocalUsers {
  const random = createRandom(20_261_123);
  const open = new Set<Promise<void>>();
  /** Requests that a mirror copied to the canary. */
  let copies = 0;
  let [began, started, sent] = [Number.POSITIVE_INFINITY, 0, 0];
  let firstCanary: number | undefined;
  /** Requests while no pod was reachable. */
  let toNobody = 0;
  const losses: Partial<Record<LossReason, number>> = {};
  const seen = { stable: { count: 0, lost: 0, seconds: 0 }, canary: { count: 0, lost: 0, seconds: 0 } };
  let onTheirWay = 0;
  /** Ends the hold of the clock when a request is no longer on its way; undefined without a hold. */
  let goOn: (() => void) | undefined;
  let callOff: () => void = () => undefined;

  function count(hash: string, loss: LossReason | undefined, seconds: number): void {
    const version = seen[versionOf(hash)];
    version.count += 1;
    version.seconds += seconds;
    if (loss !== undefined) {
      version.lost += 1;
      addLoss(losses, loss);
    }
  }

  async function send({ hash, userPort, onRequest, isEnding }: Endpoint, at: number): Promise<void> {
    const sentAt = performance.now();
    onRequest();
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
    const answer = await visit(userPort, path);
    clearTimeout(timer);
    end();
    arrive();
    if (at >= began) {
      count(hash, lossOf(answer, isEnding), (performance.now() - sentAt) / 1000);
    }
  }

  function follow(visiting: Promise<void>): void {
    open.add(visiting);
    void visiting.finally(() => open.delete(visiting));
  }

  return {
    start(endpoints, copiedTo) {
      started = clock.now();
      const next = () => {
        callOff = clock.at(started + sent / requestsPerSecond, () => {
          const at = clock.now();
          const oneOf = (all: readonly Endpoint[]) =>
            all.length === 0 ? undefined : all[Math.floor(random() * all.length)];
          const [endpoint, mirror] = [oneOf(endpoints()), oneOf(copiedTo())];
          sent += 1;
          if (mirror !== undefined) {
            copies += Number(at >= began);
            // The answer to a copy is dropped: with this time `send` does not count it.
            follow(send(mirror, Number.NEGATIVE_INFINITY));
          }
          if (endpoint === undefined) {
            if (at >= began) {
              toNobody += 1;
              addLoss(losses, 'refused');
            }
          } else {
            if (versionOf(endpoint.hash) === 'canary' && at >= began) {
              firstCanary ??= at;
            }
            follow(send(endpoint, at));
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
    settle: () => Promise.race([Promise.all(open), sleep(SETTLE_MILLISECONDS, undefined, { ref: false })]),
    async stop() {
      callOff();
      await Promise.all(open);
    },
    begin(now) {
      began = now;
    },
    totals() {
      const { stable, canary } = seen;
      const lost = stable.lost + canary.lost + toNobody;
      const sent = stable.count + canary.count + toNobody;
      return { succeeded: sent - lost, lost, losses: { ...losses }, canary: canary.count + copies };
    },
    answers: () => ({ stable: meanOf(seen.stable), canary: meanOf(seen.canary) }),
    firstCanary: () => firstCanary,
  };
}

/** Why a request was lost, undefined if it was not. A connection that an ending pod refused or broke is `terminating`. */
function lossOf(answer: number | Unanswered, isEnding: () => boolean): LossReason | undefined {
  if (typeof answer === 'number') {
    return answer >= 500 ? 'failed' : undefined;
  }
  return answer !== 'late' && isEnding() ? 'terminating' : answer;
}

function meanOf({ count, lost, seconds }: { count: number; lost: number; seconds: number }): Answers {
  return { count, lost, meanSeconds: count === 0 ? 0 : seconds / count };
}
