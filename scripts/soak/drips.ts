import { connect } from 'node:net';
import type { Clock } from './clock.ts';
import type { Instance } from './instance.ts';

const START = 'GET /version HTTP/1.1\r\nHost: soak\r\n';

/** So many connections that send a letter of a header a second and never come to its end, made anew when they are cut. */
export async function runDrips(
  count: number,
  choose: () => Instance | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => drip(choose, clock, signal)));
}

async function drip(choose: () => Instance | undefined, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const instance = choose();
    if (instance !== undefined) {
      const socket = connect(instance.port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      socket.write(START);
      while (!signal.aborted && !socket.closed) {
        await clock.until(clock.now() + 1, signal);
        if (socket.writable) {
          socket.write('x');
        } else {
          socket.destroy();
        }
      }
      // Not closed: an end in the middle of a header is answered, and counted, as bad HTTP.
      socket.resetAndDestroy();
    } else {
      await clock.until(clock.now() + 1, signal);
    }
  }
}
