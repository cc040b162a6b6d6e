import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { STABLE } from '../release.ts';
import { createClock } from './clock.ts';
import { createUsers } from './users.ts';

let milliseconds = 0;
const server = createServer((_, response) => {
  setTimeout(() => response.end(), milliseconds);
});
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => void server.close());

test.each([
  ['while its backend is there, is the machine’s doing', false],
  ['while its backend is away, is the outage’s', true],
])('an old version that answers late %s', async (_, isBackendDown) => {
  const clock = createClock(1, 0);
  const { port } = server.address() as AddressInfo;
  const users = createUsers(100, '/', clock, () => isBackendDown);
  const end = new AbortController();
  milliseconds = 0;
  const endpoint = { userPort: port, hash: STABLE, onRequest: () => undefined };
  const load = users.run(end.signal, () => [endpoint]);
  await sleep(300);
  users.begin(clock.now());
  milliseconds = 450;
  await sleep(700);
  end.abort();
  await load;
  expect(users.totals().succeeded).toBeGreaterThan(20);
  expect(users.isMachineBusy()).toBe(!isBackendDown);
});
