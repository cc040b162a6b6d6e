import { createRandom } from '../../model/random.ts';
import type { Clock } from './clock.ts';
import { get } from './request.ts';

/** A pod that users may meet. */
export interface Endpoint {
  readonly userPort: number;
  readonly hash: string;
  /** Called as a request is sent to it. */
  readonly onRequest: () => void;
}

/** One user's request. */
export interface Visit {
  /** Seconds since the epoch, when it was sent. */
  readonly at: number;
  readonly hash: string | undefined;
  readonly isLost: boolean;
  /** Of the wall, until the answer or the end of patience. */
  readonly milliseconds: number;
}

/** Longer than any app here waits for itself. */
const USER_PATIENCE_MILLISECONDS = 15_000;

/** Seconds of the wall in which the load grows to its full rate: the longer, the more it is. */
export function rampSeconds(requestsPerSecond: number, { speed }: Clock): number {
  return Math.min(1.5, (requestsPerSecond * speed) / 800);
}

/**
 * Users: so many a second whether or not they are answered, each on a connection of its own, to a pod that is ready, as a Service
 * chooses one. Ends with the signal, when the last has been answered.
 */
export async function runLoad(
  requestsPerSecond: number,
  path: string,
  clock: Clock,
  signal: AbortSignal,
  endpoints: () => readonly Endpoint[],
  onVisit: (visit: Visit) => void,
): Promise<void> {
  const random = createRandom(20_261_123);
  const open = new Set<Promise<void>>();
  const start = clock.now();
  // Cold processes under full load would answer late, and that would be taken for the app's own slowness.
  const ramp = rampSeconds(requestsPerSecond, clock) * clock.speed;
  const rampRequests = (requestsPerSecond * ramp) / 2;
  for (let sent = 0; requestsPerSecond > 0 && !signal.aborted; sent += 1) {
    const due =
      start +
      (sent < rampRequests
        ? Math.sqrt((2 * ramp * sent) / requestsPerSecond)
        : ramp + (sent - rampRequests) / requestsPerSecond);
    if (due > clock.now()) {
      await clock.until(due, signal);
    }
    if (signal.aborted) {
      break;
    }
    const visit = visitOne(endpoints(), random, path, clock.now()).then(onVisit);
    open.add(visit);
    void visit.finally(() => open.delete(visit));
  }
  await Promise.all(open);
}

async function visitOne(
  endpoints: readonly Endpoint[],
  random: () => number,
  path: string,
  at: number,
): Promise<Visit> {
  const endpoint = endpoints[Math.floor(random() * endpoints.length)];
  if (endpoint === undefined) {
    return { at, hash: undefined, isLost: true, milliseconds: 0 };
  }
  endpoint.onRequest();
  const began = performance.now();
  const { status } = await get(endpoint.userPort, path, USER_PATIENCE_MILLISECONDS);
  const milliseconds = performance.now() - began;
  return { at, hash: endpoint.hash, isLost: status === undefined || status >= 500, milliseconds };
}
