import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createClient } from 'redis';
import { has, startPostgres, startRedis, type TestServer, testWith } from './testing/servers.ts';
import { type RunningApp, startApp } from './testing/start-app.ts';
import { freePort, waitFor } from './testing/start-process.ts';

const REDIS = ['redis-server'];
const POSTGRES = ['postgres', 'initdb'];

let redis: TestServer | undefined;
let postgres: TestServer | undefined;
let app: RunningApp | undefined;
/** Accepts connections and never says a word. */
const silent = createServer();
/** A web server that is no instance of this API, and one that sends everyone elsewhere. */
const stranger = createHttpServer((_req, res) => res.end('<h1>It works!</h1>'));
const redirect = createHttpServer((_req, res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());

/** Far more than the backend's timeout, which is half a second: a probe that hung would take for ever. */
const A_HANG_SECONDS = 30;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  for (const server of [silent, stranger, redirect]) {
    await once(server.listen(0, '127.0.0.1'), 'listening');
  }
  if (has(...REDIS)) {
    redis = await startRedis();
  }
  if (has(...POSTGRES)) {
    postgres = await startPostgres();
  }
});
afterEach(closeApp);

async function closeApp(): Promise<void> {
  await app?.close();
  app = undefined;
}
afterAll(async () => {
  for (const server of [silent, stranger, redirect]) {
    server.close();
  }
  await redis?.remove();
  await postgres?.remove();
});

const onRedis = (env: Readonly<Record<string, string>> = {}) => ({
  BACKEND_URL: `redis://127.0.0.1:${redis?.port}/0`,
  BACKEND_PASSWORD: redis?.password ?? '',
  ...env,
});
const onPostgres = (env: Readonly<Record<string, string>> = {}) => ({
  BACKEND_URL: `postgres://postgres@127.0.0.1:${postgres?.port}/postgres`,
  BACKEND_PASSWORD: postgres?.password ?? '',
  ...env,
});

interface Answer {
  readonly status: number;
  readonly seconds: number;
  readonly text: string;
  readonly message?: string;
  readonly backend: {
    readonly ok: boolean;
    readonly id?: string;
    readonly address: string;
    readonly durationSeconds: number;
  };
}

async function readyz(): Promise<Answer> {
  const startedAt = performance.now();
  const response = await fetch(`${app?.url}/readyz`);
  const text = await response.text();
  const body = JSON.parse(text);
  const seconds = (performance.now() - startedAt) / 1000;
  return { status: response.status, seconds, text, message: body.error?.message, backend: body.checks.backend };
}

async function answerOf(env: Readonly<Record<string, string>>): Promise<Answer> {
  app = await startApp({ LOG_LEVEL: 'info', ...env });
  return readyz();
}

const untilReady = (status: number) =>
  waitFor(async () => (await readyz()).status === status, `/readyz to answer ${status}`);

describe('/readyz over the right store', () => {
  testWith(...REDIS)('Redis: 200', async () => {
    expect(await answerOf(onRedis())).toMatchObject({ status: 200, backend: { ok: true } });
  });
  testWith(...POSTGRES)('PostgreSQL: 200', async () => {
    app = await startApp(onPostgres());
    await untilReady(200);
  });
  test('another instance: 200', async () => {
    const upstream = await startApp({ BACKEND_URL: 'memory:orders' });
    expect(await answerOf({ BACKEND_URL: upstream.url, BACKEND_ID: 'orders' })).toMatchObject({
      status: 200,
      backend: { id: 'orders' },
    });
    await upstream.close();
  });
});

describe('/readyz over a store that cannot be used', () => {
  const at = (scheme: string, port: number) =>
    `${scheme}://user:hunter2@127.0.0.1:${port}${scheme === 'postgres' ? '/app' : ''}`;
  const SCHEMES = [
    ['redis', 'a Redis server'],
    ['postgres', 'a PostgreSQL server'],
    ['http', 'another instance of this API'],
  ];

  async function refuses(env: Readonly<Record<string, string>>, reason: string): Promise<void> {
    const answer = await answerOf(env);
    const { host, pathname } = new URL(String(env.BACKEND_URL));
    expect(answer).toMatchObject({ status: 503, message: expect.stringContaining(reason), backend: { ok: false } });
    expect(answer.message).toContain(`${host}${pathname === '/' ? '' : pathname}: `);
    expect(answer.seconds).toBeLessThan(A_HANG_SECONDS);
    const metrics = await (await fetch(`${app?.url}/metrics`)).text();
    const everything = `${answer.text}${JSON.stringify(app?.logs)}${metrics}`;
    for (const secret of ['hunter2', 'a p@ss', 'a%20p%40ss']) {
      expect(everything).not.toContain(secret);
    }
  }

  test.each(SCHEMES)('%s, nothing listening', async (scheme) => {
    await refuses({ BACKEND_URL: at(scheme, await freePort()) }, 'connection refused, nothing listens there');
  });
  test.each(SCHEMES)('%s, a port that accepts and never answers', async (scheme) => {
    await refuses({ BACKEND_URL: at(scheme, portOf(silent)) }, 'no answer');
  });
  test.each(SCHEMES)('%s, a host that does not exist', async (scheme) => {
    const url = at(scheme, 8080).replace('127.0.0.1', 'no-such-host.invalid');
    await refuses({ BACKEND_URL: url, BACKEND_TIMEOUT_SECONDS: '5' }, 'the host name does not resolve');
  });
  test.each(SCHEMES)('%s, a web server that is something else', async (scheme, kind) => {
    const reason =
      scheme === 'http'
        ? 'it answered 200, which another instance of this API does not'
        : `it does not answer as ${kind} does`;
    await refuses({ BACKEND_URL: at(scheme, portOf(stranger)) }, reason);
  });
  testWith(...REDIS)('postgres and http, a live Redis', async () => {
    await refuses({ BACKEND_URL: at('postgres', redis?.port ?? 0) }, 'no answer');
    await closeApp();
    await refuses(
      { BACKEND_URL: at('http', redis?.port ?? 0) },
      'it does not answer as another instance of this API does',
    );
  });
  testWith(...POSTGRES)('redis and http, a live PostgreSQL', async () => {
    await refuses({ BACKEND_URL: at('redis', postgres?.port ?? 0) }, 'it does not answer as a Redis server does');
    await closeApp();
    await refuses(
      { BACKEND_URL: at('http', postgres?.port ?? 0) },
      'it does not answer as another instance of this API does',
    );
  });
  test('redis, a server that repeats what it is sent', async () => {
    const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    await refuses({ BACKEND_URL: `redis://127.0.0.1:${portOf(echo)}` }, 'it does not answer as a Redis server does');
    echo.close();
  });
  test('http, a redirect', async () => {
    await refuses({ BACKEND_URL: at('http', portOf(redirect)) }, 'it answered 302');
  });
  test.each([
    ['an id that is no text', { checks: { backend: { ok: true, id: { a: 1 } } } }, 'reports no id'],
    ['no checks', { checks: null }, 'it does not answer as another instance of this API does'],
    ['a list', [], 'it does not answer as another instance of this API does'],
  ])('http, an answer with %s', async (_what, body, reason) => {
    const impostor = createHttpServer((_req, res) => res.end(JSON.stringify(body)));
    await once(impostor.listen(0, '127.0.0.1'), 'listening');
    await refuses({ BACKEND_URL: `http://127.0.0.1:${portOf(impostor)}`, BACKEND_ID: 'orders' }, reason);
    impostor.close();
  });
  test('http, an instance that is not ready itself', async () => {
    const upstream = await startApp({ BACKEND_ID: 'orders' });
    await refuses({ BACKEND_URL: upstream.url }, 'the instance there is not ready itself');
    await upstream.close();
  });

  testWith(...REDIS)('redis, a wrong password, and none', async () => {
    await refuses(onRedis({ BACKEND_PASSWORD: 'hunter2' }), 'wrong user name or password');
    await closeApp();
    await refuses({ BACKEND_URL: onRedis().BACKEND_URL }, 'wrong user name or password');
  });
  testWith(...POSTGRES)('postgres, a wrong password, and none', async () => {
    await refuses(onPostgres({ BACKEND_PASSWORD: 'hunter2' }), 'wrong user name or password');
    await closeApp();
    await refuses({ BACKEND_URL: onPostgres().BACKEND_URL }, 'wrong user name or password');
  });
  testWith(...REDIS)('redis, a database that does not exist', async () => {
    await refuses(
      onRedis({ BACKEND_URL: `redis://127.0.0.1:${redis?.port}/99` }),
      'the server has no database of that number',
    );
  });
  testWith(...POSTGRES)('postgres, a database that does not exist', async () => {
    const url = `postgres://postgres@127.0.0.1:${postgres?.port}/nope`;
    await refuses(onPostgres({ BACKEND_URL: url }), 'the server has no database of that name');
  });
});

describe('BACKEND_ID', () => {
  const cases = (reported: string | undefined) => [
    { expected: 'orders', status: reported === 'orders' ? 200 : 503 },
    { expected: 'payments', status: 503 },
  ];

  testWith(...REDIS)('is held against the id in Redis, which the check never writes', async () => {
    const client = await createClient({
      url: `redis://127.0.0.1:${redis?.port}/3`,
      password: redis?.password ?? '',
    }).connect();
    for (const reported of [undefined, 'orders']) {
      if (reported) {
        await client.set('backend-id', reported);
      }
      const keys = await client.dbSize();
      for (const { expected, status } of cases(reported)) {
        const env = onRedis({ BACKEND_URL: `redis://127.0.0.1:${redis?.port}/3`, BACKEND_ID: expected });
        const answer = await answerOf(env);
        expect([reported, expected, answer.status]).toEqual([reported, expected, status]);
        if (status === 503) {
          expect(answer.message).toContain(`asks for '${expected}'`);
        }
        await closeApp();
      }
      expect(await client.dbSize()).toBe(keys);
    }
    client.destroy();
  });

  testWith(...POSTGRES)('is held against the id in PostgreSQL, which the check never writes', async () => {
    const { BACKEND_PASSWORD: password } = onPostgres();
    const client = new pg.Client({
      host: '127.0.0.1',
      port: postgres?.port ?? 0,
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
        const answer = await answerOf(onPostgres({ BACKEND_ID: expected }));
        expect([reported, expected, answer.status]).toEqual([reported, expected, status]);
        await closeApp();
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
    expect(await answerOf({ BACKEND_URL: upstream.url, BACKEND_ID: 'payments' })).toMatchObject({
      status: 503,
      message: `backend ${upstream.url}: ${reason}`,
    });
    await upstream.close();
  });
});

describe('a backend that dies and comes back', () => {
  const backendUp = async () => /^backend_up (\d)$/m.exec(await (await fetch(`${app?.url}/metrics`)).text())?.[1];

  testWith(...REDIS)('Redis under strict: 503, then 200 again without a restart', async () => {
    app = await startApp(onRedis({ READINESS: 'strict', LOG_LEVEL: 'silent' }));
    await untilReady(200);
    await redis?.kill();
    await untilReady(503);
    expect([await backendUp(), (await fetch(`${app.url}/api/items`)).status]).toEqual(['0', 503]);
    await redis?.restart();
    await untilReady(200);
    expect([await backendUp(), (await fetch(`${app.url}/api/items`)).status]).toEqual(['1', 200]);
  });

  testWith(...POSTGRES)('PostgreSQL under strict: 503, then 200 again without a restart', async () => {
    app = await startApp(onPostgres({ READINESS: 'strict', LOG_LEVEL: 'silent' }));
    await untilReady(200);
    await postgres?.kill();
    await untilReady(503);
    await postgres?.restart();
    await untilReady(200);
    expect((await fetch(`${app.url}/api/items`)).status).toBe(200);
  });

  testWith(...REDIS)('Redis under latched: 200 all along, body and backend_up tell', async () => {
    app = await startApp(onRedis({ READINESS: 'latched', LOG_LEVEL: 'silent' }));
    await untilReady(200);
    await redis?.kill();
    await waitFor(async () => !(await readyz()).backend.ok, 'the body to tell');
    expect([(await readyz()).status, await backendUp()]).toEqual([200, '0']);
    await redis?.restart();
    await waitFor(async () => (await readyz()).backend.ok, 'the body to tell');
    expect([(await readyz()).status, await backendUp()]).toEqual([200, '1']);
  });

  testWith(...REDIS)('Redis that hangs: no probe hangs, users get 503, no connection piles up', async () => {
    app = await startApp(onRedis({ LOG_LEVEL: 'silent' }));
    await untilReady(200);
    const observer = await createClient({
      url: `redis://127.0.0.1:${redis?.port}`,
      password: redis?.password ?? '',
    }).connect();
    redis?.suspend();
    try {
      await untilReady(503);
      const probes = Array.from({ length: 50 }, () => readyz());
      const users = Array.from({ length: 200 }, () => fetch(`${app?.url}/api/items`));
      for (const { status, seconds } of await Promise.all(probes)) {
        expect([status, seconds < A_HANG_SECONDS]).toEqual([503, true]);
      }
      for (const { status } of await Promise.all(users)) {
        expect(status).toBe(503);
      }
    } finally {
      redis?.resume();
    }
    await untilReady(200);
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
    app = await startApp({ BACKEND_URL: `redis://127.0.0.1:${portOf(counter)}`, LOG_LEVEL: 'silent' });
    await Promise.all(Array.from({ length: 500 }, () => fetch(`${app?.url}/api/items`)));
    expect(attempts).toBeLessThan(50);
    counter.close();
  });
});
