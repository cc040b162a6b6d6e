import { connect } from 'node:net';
import type { Breaches } from './checks.ts';
import { note } from './client.ts';
import { HOSTILE_REQUESTS, type HostileRequest } from './hostile-requests.ts';
import type { Instance } from './instance.ts';
import { NEVER_SECONDS, now, repeat, until } from './time.ts';

/** How many hostile requests were sent. */
export interface Hostility {
  sent: number;
  /** Of those, requests whose sender waits for the answer. */
  asked: number;
}

const LEAVES_AFTER_SECONDS = 0.05;

/** Sends hostile requests, one kind after the other, until the signal is aborted. Each must get the status that its kind expects. */
export async function runHostile(
  perSecond: number,
  choose: () => Instance | undefined,
  hostility: Hostility,
  breaches: Breaches,
  signal: AbortSignal,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const send = () => {
    const instance = choose();
    const kind = HOSTILE_REQUESTS[hostility.sent % HOSTILE_REQUESTS.length];
    if (instance !== undefined && kind !== undefined) {
      hostility.sent += 1;
      hostility.asked += Number(kind.key !== undefined);
      const one = sendOne(instance, kind, breaches).finally(() => underWay.delete(one));
      underWay.add(one);
    }
  };
  await repeat(1 / perSecond, send, signal);
  await Promise.all(underWay);
}

async function sendOne(instance: Instance, { what, bytes, key }: HostileRequest, breaches: Breaches): Promise<void> {
  const socket = connect(instance.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  socket.setTimeout(NEVER_SECONDS * 1000, () => socket.destroy());
  socket.write(bytes);
  if (key === undefined) {
    setTimeout(() => socket.resetAndDestroy(), LEAVES_AFTER_SECONDS * 1000);
  }
  // A reset emits `error`, then `close` too.
  await new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
  if (key === undefined) {
    return;
  }
  const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => status);
  // The instance counts the status that it sent, even if another was expected.
  note(instance, statuses[0] === undefined ? undefined : `${key.slice(0, -3)}${statuses[0]}`);
  if (instance.signal !== 'SIGKILL' && (statuses.length !== 1 || statuses[0] !== key.slice(-3))) {
    breaches.report('hostile', `${what} answered ${statuses.join(', ') || 'nothing'}, must be ${key.slice(-3)}`);
  }
}

/** Sends one byte of a header a second without ever ending it; connects again when the server cuts it, until the signal is aborted. */
export async function runSlowHeader(choose: () => Instance | undefined, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const instance = choose();
    const socket = instance && connect(instance.port, '127.0.0.1');
    socket?.on('error', () => undefined).resume();
    socket?.write('GET /version HTTP/1.1\r\nHost: soak\r\nX-Slow: ');
    do {
      await until(now() + 1, signal);
      socket?.write('x');
    } while (!signal.aborted && socket?.writable);
    // Reset, not closed: the server would answer and count an end in the middle of a header as bad HTTP.
    socket?.resetAndDestroy();
  }
}
