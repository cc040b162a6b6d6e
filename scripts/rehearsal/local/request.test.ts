import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { get } from './request.ts';

const NONE = { status: undefined, contentType: '', body: '' };

test.each<[string, RequestListener, object]>([
  [
    'a whole response',
    (_, response) => response.writeHead(404, { 'content-type': 'text/plain' }).end('no'),
    { status: 404, contentType: 'text/plain', body: 'no' },
  ],
  ['none in time', () => undefined, NONE],
  ['half of one in time', (_, response) => response.writeHead(200).write('half'), NONE],
  ['one that breaks off', (_, response) => response.writeHead(200).write('half', () => response.destroy()), NONE],
  ['a connection that ends at once', ({ socket }) => socket.destroy(), NONE],
])('a GET that gets %s', async (title, listener, reply) => {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // Short only where it is waited for.
  const timeout = title.endsWith('in time') ? 300 : 60_000;
  expect(await get((server.address() as AddressInfo).port, '/', timeout)).toEqual(reply);
  server.close();
  server.closeAllConnections();
});

test('nobody listens', async () => {
  expect(await get(1, '/', 60_000)).toEqual(NONE);
});
