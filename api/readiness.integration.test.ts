import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createClient } from 'redis';
import { testWith } from './testing/servers.ts';
import { startApp } from './testing/start-app.ts';
import { waitFor } from './testing/start-process.ts';
import { A_HANG_SECONDS, POSTGRES, REDIS, Stores } from './testing/stores.ts';

const stores = new Stores();

describe('/readyz over the right store', () => {
  testWith(...REDIS)('Redis: 200', async () => {
    expect(await stores.readyzOf(stores.onRedis())).toMatchObject({ status: 200, backend: { ok: true } });
  });
  testWith(...POSTGRES)('PostgreSQL: 200', async () => {
    await stores.start(stores.onPostgres());
    await stores.untilReady(200);
  });
  test('another instance: 200', async () => {
    const upstream = await startApp({ BACKEND_URL: 'memory:orders' });
    expect(await stores.readyzOf({ BACKEND_URL: upstream.url, BACKEND_ID: 'orders' })).toMatchObject({
      status: 200,
      backend: { id: 'orders' },
    });
    await upstream.close();
  });
});

describe('BACKEND_ID', () => {
  const cases = (reported: string | undefined) => [
    { expected: 'orders', status: reported === 'orders' ? 200 : 503 },
    { expected: 'payments', status: 503 },
  ];

  testWith(...REDIS)('is held against the id in Redis, which the check never writes', async () => {
    const client = await createClient({
      url: `redis://127.0.0.1:${stores.redis?.port}/3`,
      password: stores.redis?.password ?? '',
    }).connect();
    for (const reported of [undefined, 'orders']) {
      if (reported) {
        await client.set('backend-id', reported);
      }
      const keys = await client.dbSize();
      for (const { expected, status } of cases(reported)) {
        const env = stores.onRedis({ BACKEND_URL: `redis://127.0.0.1:${stores.redis?.port}/3`, BACKEND_ID: expected });
        const answer = await stores.readyzOf(env);
        expect([reported, expected, answer.status]).toEqual([reported, expected, status]);
        if (status === 503) {
          expect(answer.message).toContain(`asks for '${expected}'`);
        }
        await stores.closeApp();
      }
      expect(await client.dbSize()).toBe(keys);
    }
    client.destroy();
  });

  testWith(...POSTGRES)('is held against the id in PostgreSQL, which the check never writes', async () => {
    const { BACKEND_PASSWORD: password } = stores.onPostgres();
    const client = new pg.Client({
      host: '127.0.0.1',
      port: stores.postgres?.port ?? 0,
      user: 'postgres',
      password,
      database: 'postgres',
    });
    await client.connect();
    const tables = async () => (await client.query("select 1 from pg_tables where schemaname = 'public'")).rowCount;
    for (const reported of [undefined, 'orders']) {
      if (reported) {
        await client.query("create table backend_id (id text); insert into backend_id values ('orders')");
      }
      const before = await tables();
      for (const { expected, status } of cases(reported)) {
        const answer = await stores.readyzOf(stores.onPostgres({ BACKEND_ID: expected }));
        expect([reported, expected, answer.status]).toEqual([reported, expected, status]);
        await stores.closeApp();
      }
      expect(await tables()).toBe(before);
    }
    await client.query('drop table backend_id');
    await client.end();
  });

  test.each([
    ['memory:orders', "it reports the id 'orders', but BACKEND_ID asks for 'payments'"],
    ['memory:', "it reports no id, but BACKEND_ID asks for 'payments'"],
  ])('is held against the id that an instance over %s reports', async (store, reason) => {
    const upstream = await startApp({ BACKEND_URL: store });
    expect(await stores.readyzOf({ BACKEND_URL: upstream.url, BACKEND_ID: 'payments' })).toMatchObject({
      status: 503,
      message: `backend ${upstream.url}: ${reason}`,
    });
    await upstream.close();
  });
});

describe('a backend that dies and comes back', () => {
  const backendUp = async () =>
    /^backend_up (\d)$/m.exec(await (await fetch(`${stores.app?.url}/metrics`)).text())?.[1];

  testWith(...REDIS)('Redis under strict: 503, then 200 again without a restart', async () => {
    await stores.start(stores.onRedis({ READINESS: 'strict', LOG_LEVEL: 'silent' }));
    await stores.untilReady(200);
    await stores.redis?.kill();
    await stores.untilReady(503);
    expect([await backendUp(), (await fetch(`${stores.app?.url}/api/items`)).status]).toEqual(['0', 503]);
    await stores.redis?.restart();
    await stores.untilReady(200);
    expect([await backendUp(), (await fetch(`${stores.app?.url}/api/items`)).status]).toEqual(['1', 200]);
  });

  testWith(...POSTGRES)('PostgreSQL under strict: 503, then 200 again without a restart', async () => {
    await stores.start(stores.onPostgres({ READINESS: 'strict', LOG_LEVEL: 'silent' }));
    await stores.untilReady(200);
    await stores.postgres?.kill();
    await stores.untilReady(503);
    await stores.postgres?.restart();
    await stores.untilReady(200);
    expect((await fetch(`${stores.app?.url}/api/items`)).status).toBe(200);
  });

  testWith(...REDIS)('Redis under latched: 200 all along, body and backend_up tell', async () => {
    await stores.start(stores.onRedis({ READINESS: 'latched', LOG_LEVEL: 'silent' }));
    await stores.untilReady(200);
    await stores.redis?.kill();
    await waitFor(async () => !(await stores.readyz()).backend.ok, 'the body to tell');
    expect([(await stores.readyz()).status, await backendUp()]).toEqual([200, '0']);
    await stores.redis?.restart();
    await waitFor(async () => (await stores.readyz()).backend.ok, 'the body to tell');
    expect([(await stores.readyz()).status, await backendUp()]).toEqual([200, '1']);
  });

  testWith(...REDIS)('Redis that hangs: no probe hangs, users get 503, no connection piles up', async () => {
    await stores.start(stores.onRedis({ LOG_LEVEL: 'silent', BACKEND_TIMEOUT_SECONDS: '0.5' }));
    await stores.untilReady(200);
    const observer = await createClient({
      url: `redis://127.0.0.1:${stores.redis?.port}`,
      password: stores.redis?.password ?? '',
    }).connect();
    stores.redis?.suspend();
    try {
      await stores.untilReady(503);
      const probes = Array.from({ length: 50 }, () => stores.readyz());
      const users = Array.from({ length: 200 }, () => fetch(`${stores.app?.url}/api/items`));
      for (const { status, seconds } of await Promise.all(probes)) {
        expect([status, seconds < A_HANG_SECONDS]).toEqual([503, true]);
      }
      for (const { status } of await Promise.all(users)) {
        expect(status).toBe(503);
      }
    } finally {
      stores.redis?.resume();
    }
    await stores.untilReady(200);
    const clients = (await observer.sendCommand(['CLIENT', 'LIST'])) as unknown as string;
    expect(clients.trim().split('\n').length).toBeLessThanOrEqual(3);
    observer.destroy();
  });

  test('nothing listening: no attempt is made for each request', async () => {
    let attempts = 0;
    const counter = createServer((socket) => {
      attempts += 1;
      socket.destroy();
    });
    await once(counter.listen(0, '127.0.0.1'), 'listening');
    await stores.start({
      BACKEND_URL: `redis://127.0.0.1:${(counter.address() as AddressInfo).port}`,
      LOG_LEVEL: 'silent',
    });
    await Promise.all(Array.from({ length: 500 }, () => fetch(`${stores.app?.url}/api/items`)));
    expect(attempts).toBeLessThan(250);
    counter.close();
  });
});
