import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../config.ts';
import { has, startPostgres, startRedis, type TestServer, testWith } from '../testing/servers.ts';
import { freePort, type RunningProcess, spawnService, statusOf, waitFor } from '../testing/start-process.ts';

// What nobody but the backend may ever see, in every way in which it could be written.
const USER = 'ada@orders';
const PASSWORD = 'h4nter:2/p ss%?#[é"';
const SECRETS = [USER, PASSWORD].flatMap((text) => [
  text,
  encodeURIComponent(text),
  encodeURI(text),
  JSON.stringify(text).slice(1, -1),
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
]);
const BASIC = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');

const REDIS = ['redis-server'];
const POSTGRES = ['postgres', 'initdb'];
let redis: TestServer | undefined;
let postgres: TestServer | undefined;
/** Accepts and never says a word; says what nobody asked; asks for other credentials; hangs up. */
const silent = createServer();
const stranger = createHttpServer((_req, res) => res.end('<h1>It works!</h1>'));
/** As some do, it repeats what it was sent. */
const gossip = createHttpServer((req, res) => res.writeHead(401).end(`wrong: ${req.headers.authorization}`));
const closing = createServer((socket) => socket.destroy());
const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
const servers: readonly Server[] = [silent, stranger, gossip, closing, echo];

const started: RunningProcess[] = [];
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  for (const server of servers) {
    await once(server.listen(0, '127.0.0.1'), 'listening');
  }
  if (has(...REDIS)) {
    redis = await startRedis();
  }
  if (has(...POSTGRES)) {
    postgres = await startPostgres();
  }
});
afterEach(() => {
  for (const { child } of started.splice(0)) {
    child.kill('SIGKILL');
  }
});
afterAll(async () => {
  for (const server of servers) {
    server.close();
  }
  await redis?.remove();
  await postgres?.remove();
});

/** Both ways to give credentials: in the address, and apart from it. */
function environments(scheme: string, host: string): readonly Readonly<Record<string, string>>[] {
  const path = scheme === 'postgres' ? '/orders' : '';
  const inAddress = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}@`;
  return [
    { BACKEND_URL: `${scheme}://${inAddress}${host}${path}` },
    { BACKEND_URL: `${scheme}://${host}${path}`, BACKEND_USERNAME: USER, BACKEND_PASSWORD: PASSWORD },
  ];
}

/** Everything that a process of its own says, at its most talkative, to operators and to users. */
async function everythingSaid(env: Readonly<Record<string, string>>): Promise<string> {
  const service = await spawnService({
    BACKEND_TIMEOUT_SECONDS: '0.3',
    ...env,
    LOG_LEVEL: 'trace',
    DRAIN_SECONDS: '0',
  });
  started.push(service);
  await waitFor(async () => (await statusOf(`${service.url}/livez`)) === 200, 'the service to live');
  const asked: readonly (readonly [string, string, string?])[] = [
    ['GET', '/readyz'],
    ['GET', '/api/items'],
    ['GET', '/api/items/a'],
    ['PUT', '/api/items/a', '{"name":"a"}'],
    ['DELETE', '/api/items/a'],
    ['GET', '/'],
    ['GET', '/version'],
    ['GET', '/metrics'],
  ];
  let said = '';
  for (const [method, path, body] of asked) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${service.url}${path}`, { method, headers, ...(body !== undefined && { body }) });
    said += `${JSON.stringify([...response.headers])}${await response.text()}\n`;
    if (path === '/readyz') {
      expect(response.status).toBe(503);
    }
  }
  await service.stop();
  expect(service.output.stdout).toContain('backend not usable');
  return said + service.output.stdout + service.output.stderr;
}

function expectNoSecret(said: string): void {
  expect([...SECRETS, BASIC].filter((secret) => said.includes(secret))).toEqual([]);
}

/** Either way in turn: after the configuration has been read they are the same. */
let turn = 0;
async function keepsQuiet(scheme: string, host: string): Promise<void> {
  const ways = environments(scheme, host);
  const [inAddress, apart] = ways.map((env) => parseConfig(env).backend);
  expect(inAddress).toEqual(apart);
  turn += 1;
  expectNoSecret(await everythingSaid(ways[turn % 2] ?? {}));
}

describe.each(['redis', 'rediss', 'postgres', 'http', 'https'])(
  'credentials of a %s: backend reach no log, answer or metric',
  (scheme) => {
    test('when nothing listens', async () => {
      await keepsQuiet(scheme, `127.0.0.1:${await freePort()}`);
    });
    test('when the host does not exist', async () => {
      await keepsQuiet(scheme, 'no-such-host.invalid:1');
    });
    test.each([
      ['never answers', silent],
      ['hangs up', closing],
      ['is something else', stranger],
      ['repeats what it is sent', echo],
      ['refuses, and repeats what it was sent', gossip],
    ] as const)('when what is there %s', async (_what, server) => {
      await keepsQuiet(scheme, `127.0.0.1:${portOf(server)}`);
    });
  },
);

testWith(...REDIS)('credentials that a real Redis refuses reach no log, answer or metric', async () => {
  await keepsQuiet('redis', `127.0.0.1:${redis?.port}`);
  await keepsQuiet('redis', `127.0.0.1:${redis?.port}`);
});

testWith(...POSTGRES)('credentials that a real PostgreSQL refuses reach no log, answer or metric', async () => {
  await keepsQuiet('postgres', `127.0.0.1:${postgres?.port}`);
  await keepsQuiet('postgres', `127.0.0.1:${postgres?.port}`);
});

describe('credentials in a configuration that cannot be used reach no message', () => {
  const encoded = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}`;
  test.each([
    ['another scheme', { BACKEND_URL: `mysql://${encoded}@db/x` }],
    ['no scheme', { BACKEND_URL: `${encoded}@redis:6379` }],
    ['a database that is no number', { BACKEND_URL: `redis://${encoded}@redis/zero` }],
    ['no database', { BACKEND_URL: `postgres://${encoded}@db` }],
    ['a password among the parameters', { BACKEND_URL: `postgres://db/x?password=${encodeURIComponent(PASSWORD)}` }],
    ['a password behind a hash', { BACKEND_URL: `http://other/#${encodeURIComponent(PASSWORD)}` }],
    ['a port that is none', { BACKEND_URL: `redis://${encoded}@redis:99999` }],
    ['a password that is not encoded', { BACKEND_URL: `redis://ada:${PASSWORD}@redis:6379` }],
    ['the password twice', { BACKEND_URL: `redis://${encoded}@redis`, BACKEND_PASSWORD: PASSWORD }],
    ['something else that is wrong', { BACKEND_URL: `redis://${encoded}@redis`, PORT: 'x' }],
    [
      'the password apart, and an address that is none',
      { BACKEND_URL: 'redis', BACKEND_USERNAME: USER, BACKEND_PASSWORD: PASSWORD },
    ],
  ])('%s', async (_what, env) => {
    const service = await spawnService({ PORT: String(await freePort()), ...env, LOG_LEVEL: 'trace' });
    started.push(service);
    expect(await service.exit).toBe(3);
    expect(service.output.stderr).toMatch(/^error: /);
    expectNoSecret(service.output.stdout + service.output.stderr);
  });
});
