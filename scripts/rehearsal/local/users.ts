import { createRandom } from '../../model/random.ts';
import { CANARY } from '../release.ts';
import type { Totals, Users } from '../world.ts';
import type { Clock } from './clock.ts';
import { visit } from './visit.ts';

/** A pod that users reach. */
export interface Endpoint {
  readonly userPort: number;
  readonly hash: string;
  /** Called as a request is sent to it. */
  readonly onRequest: () => void;
}

/** Users that send requests over loopback, so many a second whether or not they are answered, each on a connection of its own. */
export interface LocalUsers extends Users {
  /** To a pod that is ready, as a Service chooses one, until `stop`. */
  readonly start: (endpoints: () => readonly Endpoint[]) => void;
  /** Sends no more, and resolves when the last has been answered. */
  readonly stop: () => Promise<void>;
  /** Of the answers that have come. */
  readonly totals: () => Totals;
}

/** Seconds that the clock may be ahead of a user who waits: much less than what lies between two scrapes. */
const AHEAD_SECONDS = 2;
/** So many may be on their way at once: more would wait for each other, and the app would measure that as its own latency. */
const MOST_ON_THEIR_WAY = 8;
/** Milliseconds of the wall after which a user waits for the app rather than for the machine. */
const ON_THEIR_WAY_MILLISECONDS = 50;

export function createUsers(requestsPerSecond: number, path: string, clock: Clock): LocalUsers {
  const random = createRandom(20_261_123);
  const open = new Set<Promise<void>>();
  let [began, started, sent] = [Number.POSITIVE_INFINITY, 0, 0];
  let firstCanary: number | undefined;
  let [succeeded, lost, canary] = [0, 0, 0];
  let onTheirWay = 0;
  /** Lets time go on, once there is room for one more. */
  let goOn: (() => void) | undefined;
  let callOff: () => void = () => undefined;

  function count(at: number, hash: string | undefined, isLost: boolean): void {
    if (at >= began) {
      succeeded += Number(!isLost);
      lost += Number(isLost);
      canary += Number(hash === CANARY);
    }
  }

  async function send({ hash, userPort, onRequest }: Endpoint, at: number): Promise<void> {
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
    const status = await visit(userPort, path);
    clearTimeout(timer);
    end();
    arrive();
    count(at, hash, status === undefined || status >= 500);
  }

  return {
    start(endpoints) {
      started = clock.now();
      const next = () => {
        callOff = clock.at(started + sent / requestsPerSecond, () => {
          const at = clock.now();
          const all = endpoints();
          const endpoint = all[Math.floor(random() * all.length)];
          sent += 1;
          if (endpoint === undefined) {
            count(at, undefined, true);
          } else {
            if (endpoint.hash === CANARY && at >= began) {
              firstCanary ??= at;
            }
            const visiting = send(endpoint, at);
            open.add(visiting);
            void visiting.finally(() => open.delete(visiting));
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
    async stop() {
      callOff();
      await Promise.all(open);
    },
    begin(now) {
      began = now;
    },
    totals: () => ({ succeeded, lost, canary }),
    firstCanary: () => firstCanary,
  };
}
