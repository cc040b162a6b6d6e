import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { statusOf, type Visit, visit } from './visit.ts';

async function answered(listener: RequestListener): Promise<Visit> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    return await visit('127.0.0.1', (server.address() as AddressInfo).port, '/orders?a=b');
  } finally {
    server.close();
  }
}

test.each<[string, RequestListener, Visit]>([
  ['a length', (_, response) => response.end('ok'), 'succeeded'],
  ['chunks', (_, response) => response.write('o', () => response.end('k')), 'succeeded'],
  ['an error of its own', (_, response) => response.writeHead(404).end('{}'), 'succeeded'],
  ['an error', (_, response) => response.writeHead(503).end('{}'), 'failed'],
  [
    'the path that was asked for',
    ({ url }, response) => response.writeHead(url === '/orders?a=b' ? 204 : 500).end(),
    'succeeded',
  ],
  ['a connection that ends in the middle', (_, response) => response.write('o', () => response.destroy()), 'broken'],
  ['a connection that ends at once', ({ socket }) => socket.destroy(), 'broken'],
])('an answer with %s', async (_, listener, end) => {
  expect(await answered(listener)).toBe(end);
});

test('nobody listens', async () => {
  expect(await visit('127.0.0.1', 1, '/')).toBe('refused');
});

test.each([
  ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 200],
  ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok', undefined],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n', undefined],
  ['HTTP/1.1 200 OK\r\nContent-', undefined],
  ['HTTP/1.0 200 OK\r\n\r\nuntil the end', 200],
  ['', undefined],
])('%j is %s', (text, status) => {
  expect(statusOf(text)).toBe(status);
});
