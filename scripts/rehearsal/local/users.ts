import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../model/random.ts';
import { addLoss, type LossReason } from '../losses.ts';
import { CANARY } from '../release.ts';
import type { Answers, Totals, Users, VersionAnswers } from '../world.ts';
import type { Clock } from './clock.ts';
import { type Unanswered, visit } from './visit.ts';

/** A pod that users reach. */
export interface Endpoint {
  readonly userPort: number;
  readonly hash: string;
  /** Called as a request is sent to it. */
  readonly onRequest: () => void;
  /** Whether it has been told to end. */
  readonly isEnding: () => boolean;
}

/** Users that send requests over loopback, so many a second whether or not they are answered, each on a connection of its own. */
export interface LocalUsers extends Users {
  /** To a pod that is ready, as a Service chooses one, until `stop`. */
  readonly start: (endpoints: () => readonly Endpoint[], copiedTo: () => readonly Endpoint[]) => void;
  /** Resolves when no request is under way, or after half a second: what takes longer waits for the app. */
  readonly settle: () => Promise<unknown>;
  /** Sends no more, and resolves when the last has been answered. */
  readonly stop: () => Promise<void>;
  /** Of the answers that have come. */
  readonly totals: () => Totals;
  readonly answers: () => VersionAnswers;
}

/** Seconds that the clock may be ahead of a user who waits: much less than what lies between two scrapes. */
const AHEAD_SECONDS = 2;
/** Most requests on their way at once: more would wait for each other, and the app would measure that as its latency. */
const MOST_ON_THEIR_WAY = 8;
/** Wall-clock milliseconds after which a request waits for the app rather than for the machine. */
const ON_THEIR_WAY_MILLISECONDS = 50;
const SETTLE_MILLISECONDS = 500;

export function createUsers(requestsPerSecond: number, path: string, clock: Clock): LocalUsers {
  const random = createRandom(20_261_123);
  const open = new Set<Promise<void>>();
  /** Requests that a mirror copied to the canary. */
  let copies = 0;
  let [began, started, sent] = [Number.POSITIVE_INFINITY, 0, 0];
  let firstCanary: number | undefined;
  /** Requests that no pod was ready for. */
  let toNobody = 0;
  const losses: Partial<Record<LossReason, number>> = {};
  const seen = { stable: { count: 0, lost: 0, seconds: 0 }, canary: { count: 0, lost: 0, seconds: 0 } };
  let onTheirWay = 0;
  /** Starts the clock again once another request may be sent; undefined while the clock runs. */
  let goOn: (() => void) | undefined;
  let callOff: () => void = () => undefined;

  function count(hash: string, loss: LossReason | undefined, seconds: number): void {
    const version = seen[hash === CANARY ? 'canary' : 'stable'];
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
            // Nobody waits for its answer: it counts as one from before the release.
            follow(send(mirror, Number.NEGATIVE_INFINITY));
          }
          if (endpoint === undefined) {
            if (at >= began) {
              toNobody += 1;
              addLoss(losses, 'refused');
            }
          } else {
            if (endpoint.hash === CANARY && at >= began) {
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

/** A pod that is ending may refuse or break a connection; an answer counts as any other. */
function lossOf(answer: number | Unanswered, isEnding: () => boolean): LossReason | undefined {
  if (typeof answer === 'number') {
    return answer >= 500 ? 'failed' : undefined;
  }
  return answer !== 'late' && isEnding() ? 'terminating' : answer;
}

function meanOf({ count, lost, seconds }: { count: number; lost: number; seconds: number }): Answers {
  return { count, lost, meanSeconds: count === 0 ? 0 : seconds / count };
}
