import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { CANARY, STABLE } from '../release.ts';
import { createClock } from './clock.ts';
import { createUsers, type Endpoint } from './users.ts';

/** What ten users of a release lose whose requests reach `listener`, a pod of the new version; without one no pod is ready. */
async function lossesWith(listener: RequestListener | undefined, isEnding: boolean) {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint: Endpoint = { userPort: port, hash: CANARY, onRequest: () => undefined, isEnding };
  const clock = createClock(20, 0);
  const users = createUsers(10, '/', clock);
  users.begin(0);
  const endpoints = listener === undefined ? [] : [endpoint];
  users.start(
    () => endpoints,
    () => [],
  );
  await clock.passTo(0.95);
  await users.stop();
  server.close();
  const { answers, firstCanary, ...totals } = users.totals();
  return { ...totals, answered: answers?.canary.count };
}

test.each<[string, RequestListener | undefined, boolean, object]>([
  ['answers', (_, response) => response.end('ok'), false, {}],
  ['answers while it ends', (_, response) => response.end('ok'), true, {}],
  ['fails', (_, response) => response.writeHead(500).end(), false, { failed: 10 }],
  ['fails while it ends', (_, response) => response.writeHead(503).end(), true, { failed: 10 }],
  ['breaks off', ({ socket }) => socket.destroy(), false, { broken: 10 }],
  ['breaks off while it ends', ({ socket }) => socket.destroy(), true, { terminating: 10 }],
  ['is not there', undefined, false, { refused: 10 }],
])('a pod that %s', async (_, listener, isEnding, losses) => {
  const totals = await lossesWith(listener, isEnding);
  const lost = Object.values(losses).reduce((sum, count) => sum + count, 0);
  const canary = listener === undefined ? 0 : 10;
  expect(totals).toEqual({ succeeded: 10 - lost, lost, losses, canary, answered: canary });
});

test('nobody listens', async () => {
  const clock = createClock(20, 0);
  const users = createUsers(10, '/', clock);
  users.begin(0);
  const endpoint = { userPort: 1, hash: STABLE, onRequest: () => undefined, isEnding: false };
  users.start(
    () => [endpoint],
    () => [],
  );
  await clock.passTo(0.95);
  await users.stop();
  expect(users.totals()).toMatchObject({ succeeded: 0, lost: 10, losses: { refused: 10 }, canary: 0 });
});
