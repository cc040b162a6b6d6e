import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../config.ts';
import { type Backend, BackendError } from './backend.ts';
import { openBackend } from './open.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers with a status and headers, and remembers what it was asked. */
async function listen(status: number, headers: Readonly<Record<string, string>> = {}, body = '{"items":[]}') {
  const asked: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    asked.push(req);
    res.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { asked, port: (server.address() as AddressInfo).port };
}

const ITEM = { id: 'a', name: 'bolt', quantity: 1 };
const OPERATIONS: readonly (readonly [string, (backend: Backend) => Promise<unknown>])[] = [
  ['check', (backend) => backend.check()],
  ['list', (backend) => backend.list()],
  ['get', (backend) => backend.get('a')],
  ['put', (backend) => backend.put(ITEM)],
  ['delete', (backend) => backend.delete('a')],
];

describe('an http: backend that is sent elsewhere', () => {
  const cases = [301, 302, 303, 307, 308].flatMap((status) => OPERATIONS.map(([name, run]) => ({ status, name, run })));

  test.each(cases)('does not follow a $status: $name', async ({ status, run }) => {
    const elsewhere = await listen(200);
    const named = await listen(status, { location: `http://localhost:${elsewhere.port}/api/items/a` });
    const url = `http://app:hunter2@127.0.0.1:${named.port}`;
    const backend = await openBackend(parseConfig({ BACKEND_URL: url }).backend);
    await expect(run(backend)).rejects.toThrow(
      new BackendError(`it answered ${status}, which another instance of this API does not`),
    );
    expect(named.asked).toHaveLength(1);
    expect(named.asked[0]?.headers.authorization).toBe(`Basic ${btoa('app:hunter2')}`);
    expect(elsewhere.asked).toHaveLength(0);
  });

  test.each([
    ['a Refresh header', { refresh: '0; url=http://localhost:PORT/' }],
    ['an Alt-Svc header', { 'alt-svc': 'h2="localhost:PORT"' }],
    ['a Content-Location header', { 'content-location': 'http://localhost:PORT/' }],
  ])('does not follow %s either', async (_what, headers) => {
    const elsewhere = await listen(200);
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(elsewhere.port))]),
    );
    const named = await listen(200, filled);
    const backend = await openBackend(parseConfig({ BACKEND_URL: `http://127.0.0.1:${named.port}` }).backend);
    expect(await backend.list()).toEqual([]);
    expect(await backend.list()).toEqual([]);
    expect([named.asked.length, elsewhere.asked.length]).toEqual([2, 0]);
  });
});

test('an http: backend takes no word for a stored item but an item', async () => {
  const stranger = await listen(200, {}, '<h1>It works!</h1>');
  const backend = await openBackend(parseConfig({ BACKEND_URL: `http://127.0.0.1:${stranger.port}` }).backend);
  await expect(backend.put(ITEM)).rejects.toMatchObject({ name: 'BackendError' });
});
