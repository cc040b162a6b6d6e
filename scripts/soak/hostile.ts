import { connect, type Socket } from 'node:net';
import type { Breaches } from './breaches.ts';
import type { Clock } from './clock.ts';
import { HOSTILE_REQUESTS, type HostileRequest } from './hostile-requests.ts';
import type { Instance } from './instance.ts';

interface HostileSettings {
  readonly choose: () => Instance | undefined;
  readonly clock: Clock;
  readonly breaches: Breaches;
  readonly onSent: (kind: HostileRequest) => void;
}

const PATIENCE_MILLISECONDS = 60_000;
const LEAVES_AFTER_MILLISECONDS = 50;

/** So many hostile requests a second, one kind after the other, until the signal. Each must be refused as its kind is. */
export async function runHostile(perSecond: number, settings: HostileSettings, signal: AbortSignal): Promise<void> {
  const { choose, clock, breaches, onSent } = settings;
  const underWay = new Set<Promise<void>>();
  const begin = clock.now();
  for (let sent = 0; ; sent += 1) {
    await clock.until(begin + sent / perSecond, signal);
    const instance = choose();
    const kind = HOSTILE_REQUESTS[sent % HOSTILE_REQUESTS.length];
    if (signal.aborted) {
      break;
    }
    if (instance !== undefined && kind !== undefined) {
      onSent(kind);
      const one = sendOne(instance, kind, breaches);
      underWay.add(one);
      void one.then(() => underWay.delete(one));
    }
  }
  await Promise.all(underWay);
}

async function sendOne(instance: Instance, { what, bytes, key }: HostileRequest, breaches: Breaches): Promise<void> {
  const socket = connect(instance.port, '127.0.0.1');
  const closed = instance.connect();
  socket.write(bytes);
  if (key === undefined) {
    setTimeout(() => socket.resetAndDestroy(), LEAVES_AFTER_MILLISECONDS);
    await untilClosed(socket);
    closed();
    return;
  }
  const settle = instance.ask();
  const answer = await untilClosed(socket);
  closed();
  const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => status);
  // Counted under what it was answered, whatever it must be.
  settle(statuses[0] === undefined ? undefined : `${key.slice(0, -3)}${statuses[0]}`);
  if (!instance.wasKilled() && (statuses.length !== 1 || statuses[0] !== key.slice(-3))) {
    breaches.report('hostile', `${what} answered ${statuses.join(', ') || 'nothing'}, must be ${key.slice(-3)}`);
  }
}

/** Everything that came until the connection was closed, which a reset is too. */
function untilClosed(socket: Socket): Promise<string> {
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  socket.setTimeout(PATIENCE_MILLISECONDS, () => socket.destroy());
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('close', () => resolve(answer));
  });
}
