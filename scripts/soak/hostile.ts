import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Breaches } from './checks.ts';
import { HOSTILE_REQUESTS, type HostileRequest } from './hostile-requests.ts';
import type { Instance } from './instance.ts';
import { NEVER_SECONDS, repeat } from './time.ts';
import type { Sent } from './user.ts';

const REQUESTS_PER_SECOND = 20;
/** How long a sender stays that never sends the whole request. */
const STAYS_SECONDS = 5;

/** Sends hostile requests, one kind after the other, until the signal is aborted. Each must get the status that its kind expects. */
export async function runHostile(
  choose: () => Instance | undefined,
  sent: Sent,
  breaches: Breaches,
  signal: AbortSignal,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const send = () => {
    const instance = choose();
    const kind = HOSTILE_REQUESTS[sent.hostile % HOSTILE_REQUESTS.length];
    if (instance !== undefined && kind !== undefined) {
      const one = sendOne(instance, kind, sent, breaches).finally(() => underWay.delete(one));
      underWay.add(one);
    }
  };
  await repeat(1 / REQUESTS_PER_SECOND, send, signal);
  await Promise.all(underWay);
}

async function sendOne(
  instance: Instance,
  [what, key, bytes]: HostileRequest,
  sent: Sent,
  breaches: Breaches,
): Promise<void> {
  const leaves = key.endsWith(' 499');
  sent.hostile += 1;
  sent.asked += Number(!leaves);
  const socket = connect(instance.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  // A reset emits `error`, then `close` too.
  const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
  socket.write(bytes);
  if (leaves) {
    await sleep(STAYS_SECONDS * 1000);
    // Reset, not closed: the server would answer and count an end in the middle of a request as bad HTTP.
    socket.resetAndDestroy();
  } else {
    socket.setTimeout(NEVER_SECONDS * 1000, () => socket.destroy());
    await closed;
  }
  const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => status);
  const [status] = statuses;
  if (leaves && status === undefined) {
    return;
  }
  // An injected fault answers before the sender leaves.
  sent.asked += Number(leaves);
  // The instance counts the status that it sent, even if another was expected.
  instance.record(status && `${key.slice(0, -3)}${status}`);
  if (instance.signal !== 'SIGKILL' && (statuses.length !== 1 || status !== key.slice(-3))) {
    breaches.report('hostile', `${what} answered ${statuses.join(', ') || 'nothing'}, must be ${key.slice(-3)}`);
  }
}
