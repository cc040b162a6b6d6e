import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../config.ts';
import { has, startPostgres, startRedis, type TestServer, testWith } from '../testing/servers.ts';
import { type RunningApp, startApp } from '../testing/start-app.ts';
import { waitFor } from '../testing/start-process.ts';
import { PATIENT } from '../testing/stores.ts';
import type { Backend } from './backend.ts';
import { openBackend } from './open.ts';

const open = (env: Readonly<Record<string, string>>): Promise<Backend> =>
  openBackend(parseConfig({ ...PATIENT, ...env }).backend);

let redis: TestServer | undefined;
let postgres: TestServer | undefined;
let upstream: RunningApp;

beforeAll(async () => {
  upstream = await startApp({ BACKEND_URL: 'memory:orders', LOG_LEVEL: 'silent' });
  if (has('redis-server')) {
    redis = await startRedis();
  }
  if (has('postgres', 'initdb')) {
    postgres = await startPostgres();
  }
});
afterAll(async () => {
  await upstream.close();
  await redis?.remove();
  await postgres?.remove();
});

/** Each kind of store: how to test with it, and the environment that names a fresh one. */
const STORES = [
  { name: 'memory:', run: test, env: () => ({ BACKEND_URL: 'memory:' }) },
  { name: 'http:', run: test, env: () => ({ BACKEND_URL: upstream.url }) },
  {
    name: 'redis:',
    run: testWith('redis-server'),
    env: () => ({ BACKEND_URL: `redis://127.0.0.1:${redis?.port}/2`, BACKEND_PASSWORD: redis?.password ?? '' }),
  },
  {
    name: 'postgres:',
    run: testWith('postgres', 'initdb'),
    env: () => ({
      BACKEND_URL: `postgres://postgres@127.0.0.1:${postgres?.port}/postgres`,
      BACKEND_PASSWORD: postgres?.password ?? '',
    }),
  },
];

describe.each(STORES)('a backend at $name', ({ name, run, env }) => {
  run(`${name} stores items, orders them by id and tells new from replaced`, async () => {
    const backend = await open(env());
    await waitFor(
      () =>
        backend.check().then(
          () => true,
          () => false,
        ),
      `${name} to answer`,
    );
    expect([await backend.list(), await backend.get('b'), await backend.delete('b')]).toEqual([[], undefined, false]);
    const [a, b, upper] = [
      { id: 'a', name: "Robert'); drop table items;--", quantity: 1_000_000_000 },
      { id: 'b', name: '€ 𝄞 "\\ \u2028', quantity: 0 },
      { id: 'B', name: 'upper', quantity: 2 },
    ] as const;
    for (const item of [b, a, upper]) {
      expect(await backend.put(item)).toBe(true);
    }
    expect(await backend.list()).toEqual([upper, a, b]);
    expect(await backend.put({ ...b, quantity: 7 })).toBe(false);
    expect(await backend.get('b')).toEqual({ ...b, quantity: 7 });
    for (const { id } of [a, b, upper]) {
      expect(await backend.delete(id)).toBe(true);
    }
    expect([await backend.list(), await backend.delete('b')]).toEqual([[], false]);
    await backend.close();
  });

  run(`${name} takes many first writes at once`, async () => {
    const backend = await open(env());
    const ids = Array.from({ length: 20 }, (_, n) => `many-${String(n).padStart(2, '0')}`);
    const results = await Promise.all(ids.map((id) => backend.put({ id, name: id, quantity: 1 })));
    expect(results).toEqual(ids.map(() => true));
    expect((await backend.list()).map(({ id }) => id)).toEqual(ids);
    await Promise.all(ids.map((id) => backend.delete(id)));
    await backend.close();
  });
});

describe('an instance that stores in another instance', () => {
  test('passes on what its users do', async () => {
    const app = await startApp({ BACKEND_URL: `${upstream.url}/`, LOG_LEVEL: 'silent' });
    const created = await fetch(`${app.url}/api/items`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"bolt"}',
    });
    const item = await created.json();
    expect(await (await fetch(`${upstream.url}/api/items`)).json()).toEqual({ items: [item] });
    await fetch(`${app.url}${created.headers.get('location')}`, { method: 'DELETE' });
    await app.close();
  });
});
