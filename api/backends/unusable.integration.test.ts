import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testWith } from '../testing/servers.ts';
import { startApp } from '../testing/start-app.ts';
import { freePort } from '../testing/start-process.ts';
import { A_HANG_SECONDS, PATIENT, POSTGRES, REDIS, Stores } from '../testing/stores.ts';

const stores = new Stores();
/** Accepts connections and never sends a byte. */
const silent = createServer();
/** A web server that is no instance of this API, and one that redirects everybody. */
const stranger = createHttpServer((_req, res) => res.end('<h1>It works!</h1>'));
const redirect = createHttpServer((_req, res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  for (const server of [silent, stranger, redirect]) {
    await once(server.listen(0, '127.0.0.1'), 'listening');
  }
});
afterAll(() => {
  for (const server of [silent, stranger, redirect]) {
    server.close();
  }
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
    const answer = await stores.readyzOf(reason === 'no answer' ? env : { ...PATIENT, ...env });
    const { host, pathname } = new URL(String(env.BACKEND_URL));
    expect(answer).toMatchObject({ status: 503, message: expect.stringContaining(reason), backend: { ok: false } });
    expect(answer.message).toContain(`${host}${pathname === '/' ? '' : pathname}: `);
    expect(answer.seconds).toBeLessThan(A_HANG_SECONDS);
    const metrics = await (await fetch(`${stores.app?.url}/metrics`)).text();
    const everything = `${answer.text}${JSON.stringify(stores.app?.logs)}${metrics}`;
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
    await refuses({ BACKEND_URL: at('postgres', stores.redis?.port ?? 0) }, 'no answer');
    await stores.closeApp();
    await refuses(
      { BACKEND_URL: at('http', stores.redis?.port ?? 0) },
      'it does not answer as another instance of this API does',
    );
  });
  testWith(...POSTGRES)('redis and http, a live PostgreSQL', async () => {
    await refuses(
      { BACKEND_URL: at('redis', stores.postgres?.port ?? 0) },
      'it does not answer as a Redis server does',
    );
    await stores.closeApp();
    await refuses(
      { BACKEND_URL: at('http', stores.postgres?.port ?? 0) },
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
    await refuses(stores.onRedis({ BACKEND_PASSWORD: 'hunter2' }), 'wrong user name or password');
    await stores.closeApp();
    await refuses({ BACKEND_URL: stores.onRedis().BACKEND_URL }, 'wrong user name or password');
  });
  testWith(...POSTGRES)('postgres, a wrong password, and none', async () => {
    await refuses(stores.onPostgres({ BACKEND_PASSWORD: 'hunter2' }), 'wrong user name or password');
    await stores.closeApp();
    await refuses({ BACKEND_URL: stores.onPostgres().BACKEND_URL }, 'wrong user name or password');
  });
  testWith(...REDIS)('redis, a database that does not exist', async () => {
    await refuses(stores.onRedis({}, 99), 'the server has no database of that number');
  });
  testWith(...POSTGRES)('postgres, a database that does not exist', async () => {
    await refuses(stores.onPostgres({}, 'nope'), 'the server has no database of that name');
  });
});
