import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Backend } from '../backends/backend.ts';
import { openBackend } from '../backends/open.ts';
import { parseConfig } from '../config.ts';
import { request, sendRaw, statusesOf } from '../testing/raw-http.ts';
import { has, startPostgres, startRedis, type TestServer, testWith } from '../testing/servers.ts';
import { type RunningApp, startApp } from '../testing/start-app.ts';
import { PATIENT, POSTGRES, REDIS } from '../testing/stores.ts';

let redis: TestServer | undefined;
let postgres: TestServer | undefined;
let upstream: RunningApp;

beforeAll(async () => {
  upstream = await startApp({ LOG_LEVEL: 'silent' });
  if (has(...REDIS)) {
    redis = await startRedis();
  }
  if (has(...POSTGRES)) {
    postgres = await startPostgres();
  }
});
afterAll(async () => {
  await upstream.close();
  await redis?.remove();
  await postgres?.remove();
});

const redisEnv = () => ({
  BACKEND_URL: `redis://127.0.0.1:${redis?.port}/5`,
  BACKEND_PASSWORD: redis?.password ?? '',
  BACKEND_TIMEOUT_SECONDS: '5',
});
const postgresEnv = () => ({
  BACKEND_URL: `postgres://postgres@127.0.0.1:${postgres?.port}/postgres`,
  BACKEND_PASSWORD: postgres?.password ?? '',
});
const STORES = [
  { name: 'memory:', run: test, env: () => ({ BACKEND_URL: 'memory:' }) },
  { name: 'redis:', run: testWith(...REDIS), env: redisEnv },
  { name: 'postgres:', run: testWith(...POSTGRES), env: postgresEnv },
  { name: 'http:', run: test, env: () => ({ BACKEND_URL: upstream.url }) },
];

/** Texts that mean something to one of the languages that an id passes through. */
const TRIES = [
  "'; DROP TABLE items; --",
  "' OR '1'='1",
  "a' UNION SELECT id, id, 1 FROM backend_id --",
  '$1',
  '\\',
  "E'\\x27'",
  '*',
  'a*',
  '?',
  '[a-z]',
  'a\r\nFLUSHALL\r\n',
  '\r\n*1\r\n$8\r\nFLUSHALL\r\n',
  'a b',
  'a HTTP/1.1\r\nX-Injected: 1\r\n\r\nGET /readyz',
  '../victim',
  '../../readyz',
  '..%2fvictim',
  '%2e%2e',
  '%2e%2e%2fvictim',
  '..;/victim',
  '//elsewhere/victim',
  'http://127.0.0.1:1/victim',
  'victim?x=1',
  'victim#x',
  'victim/',
  'victim%00',
  '%0d%0aX-Injected:1',
  '{"$gt":""}',
  '#{7*7}',
  '<script>alert(1)</script>',
  'víctim',
  'ｖictim',
  '\u202emitciv',
  '𝄞',
  'ℹ',
  'a'.repeat(65),
];
/** Not text that PostgreSQL can hold, nor an id that a path can. */
const UNSTORABLE = ['victim\0', '\0'];
const VICTIM = { id: 'victim', name: 'here to stay', quantity: 1 };

describe.each(STORES)('the API over $name', ({ name, run, env }) => {
  run(`${name} takes no id that is more than a word, and loses nothing to the try`, async () => {
    const app = await startApp({ ...PATIENT, ...env(), LOG_LEVEL: 'silent' });
    await app.backend.put(VICTIM);
    for (const id of [...TRIES, ...UNSTORABLE, '.', '..']) {
      const path = `/api/items/${encodeURIComponent(id)}`;
      for (const [method, body] of [['GET'], ['PUT', '{"name":"a"}'], ['DELETE']] as const) {
        const bytes = request(method, path, { isLast: true, ...(body && { body }) });
        expect([id, method, statusesOf(await sendRaw(app.port, bytes))]).toEqual([id, method, [400]]);
      }
    }
    expect(await app.backend.list()).toEqual([VICTIM]);
    await app.backend.delete(VICTIM.id);
    await app.close();
  });

  run(`${name} stores names as they are`, async () => {
    const app = await startApp({ ...PATIENT, ...env(), LOG_LEVEL: 'silent' });
    await app.backend.put(VICTIM);
    // A name may be anything but a control character; a line break in one is refused.
    for (const text of TRIES) {
      const item = { id: 'tried', name: text, quantity: 1 };
      const response = await fetch(`${app.url}/api/items/tried`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(item),
      });
      const isRefused = /\p{Cc}/u.test(text);
      expect([text, response.status < 300]).toEqual([text, !isRefused]);
      if (!isRefused) {
        expect(await (await fetch(`${app.url}/api/items/tried`)).json()).toEqual(item);
      }
    }
    expect(await app.backend.get('victim')).toEqual(VICTIM);
    for (const id of ['tried', 'victim']) {
      await app.backend.delete(id);
    }
    await app.close();
  });
});

// Behind the rule for ids: each store is safe by itself.
const DATABASES = STORES.filter(({ name }) => name !== 'http:');

describe.each(DATABASES)('a backend at $name', ({ name, run, env }) => {
  run(`${name} treats every id as data`, async () => {
    const backend = await open(env());
    await backend.put(VICTIM);
    for (const id of [...TRIES, '.', '..', '']) {
      const item = { id, name: id || 'none', quantity: 2 };
      expect([id, await backend.get(id), await backend.delete(id)]).toEqual([id, undefined, false]);
      expect([id, await backend.put(item), await backend.get(id)]).toEqual([id, true, item]);
      expect([id, (await backend.list()).length, await backend.delete(id)]).toEqual([id, 2, true]);
    }
    expect(await backend.list()).toEqual([VICTIM]);
    await backend.delete(VICTIM.id);
    await backend.close();
  });
});

testWith(...POSTGRES)('a backend at postgres: refuses an id with a NUL, and goes on', async () => {
  const backend = await open(postgresEnv());
  await backend.put(VICTIM);
  for (const id of UNSTORABLE) {
    await expect(backend.get(id)).rejects.toMatchObject({ name: 'BackendError' });
  }
  expect(await backend.list()).toEqual([VICTIM]);
  await backend.delete(VICTIM.id);
  await backend.close();
});

describe('a backend at http:', () => {
  const paths: string[] = [];
  let server: Server;
  let backend: Backend;
  beforeAll(async () => {
    server = createServer((req, res) => {
      paths.push(req.url ?? '');
      res.writeHead(404).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    backend = await open({ BACKEND_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix` });
  });
  afterAll(() => {
    server.close();
  });

  test.each([...TRIES, ...UNSTORABLE])('asks for the id %j in one part of the path', async (id) => {
    paths.length = 0;
    expect(await backend.get(id)).toBeUndefined();
    expect(await backend.delete(id)).toBe(false);
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      const [, encoded = ''] = /^\/prefix\/api\/items\/([^/?#]+)$/.exec(path) ?? [];
      expect(decodeURIComponent(encoded)).toBe(id);
    }
  });

  // Every way to write them is a way out of the path: https://url.spec.whatwg.org/#double-dot-path-segment
  test.each(['.', '..', ''])('does not ask for the id %j, which no path can hold', async (id) => {
    paths.length = 0;
    await expect(backend.get(id)).rejects.toMatchObject({ name: 'BackendError' });
    await expect(backend.delete(id)).rejects.toMatchObject({ name: 'BackendError' });
    expect(paths).toEqual([]);
  });
});

function open(env: Readonly<Record<string, string>>): Promise<Backend> {
  return openBackend(parseConfig({ ...PATIENT, ...env }).backend);
}
