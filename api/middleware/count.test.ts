import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openSocket, request, sendRaw, statusesOf } from '../testing/raw-http.ts';
import { sum } from '../testing/scrape.ts';
import { type RunningApp, startApp, storeWith } from '../testing/start-app.ts';

let app: RunningApp;
afterEach(() => app.close());

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await turn();
  }
}

describe('http_requests_total', () => {
  test('counts every answer once, under its route pattern, method and code', async () => {
    app = await startApp();
    const body = '{"name":"bolt"}';
    const requests: readonly (readonly [string, string, string?])[] = [
      ['GET', '/'],
      ['GET', '/api/items?page=1'],
      ['HEAD', '/api/items'],
      ['POST', '/api/items', body],
      ['POST', '/api/items', '{'],
      ['PUT', '/api/items/a', body],
      ['PUT', '/api/items/a', body],
      ['GET', '/api/items/a'],
      ['GET', '/api/items/b'],
      ['GET', '/api/items/%zz'],
      ['PATCH', '/api/items/a'],
      ['DELETE', '/api/items/a'],
      ['DELETE', '/version'],
      ['GET', '/%2e%2e/etc/passwd'],
      ['GET', '/assets/page.css'],
      ['OPTIONS', '*'],
    ];
    for (const [method, path, content] of requests) {
      const bytes = request(method, path, { isLast: true, ...(content && { body: content }) });
      expect(statusesOf(await sendRaw(app.port, bytes))).toHaveLength(1);
    }
    expect(await app.counted()).toEqual({
      'GET / 200': 1,
      'GET /api/items 200': 1,
      'HEAD /api/items 200': 1,
      'POST /api/items 201': 1,
      'POST /api/items 400': 1,
      'PUT /api/items/:id 201': 1,
      'PUT /api/items/:id 200': 1,
      'GET /api/items/:id 200': 1,
      'GET /api/items/:id 404': 1,
      'GET unmatched 400': 1,
      'other /api/items/:id 405': 1,
      'DELETE /api/items/:id 204': 1,
      'DELETE /version 405': 1,
      'GET unmatched 404': 1,
      'GET /assets/:file 200': 1,
      'other unmatched 404': 1,
    });
  });

  test('never counts probes, scrapes and faults', async () => {
    app = await startApp({ FAULTS: 'on' });
    for (const path of ['/livez', '/readyz', '/metrics', '/faults']) {
      await fetch(`${app.url}${path}`);
    }
    for (const path of ['/livez', '/readyz', '/metrics', '/faults']) {
      await fetch(`${app.url}${path}`, { method: 'PATCH' });
    }
    expect(await app.counted()).toEqual({});
  });

  test('counts a handler that throws under its route', async () => {
    app = await startApp({}, storeWith({ get: () => Promise.reject(new TypeError('broken')) }));
    await fetch(`${app.url}/api/items/a`);
    expect(await app.counted()).toEqual({ 'GET /api/items/:id 500': 1 });
  });

  test('counts a client that leaves before its answer as 499, each of its pipelined requests once', async () => {
    const { promise, resolve } = Promise.withResolvers<readonly []>();
    app = await startApp({}, storeWith({ list: () => promise }));
    const socket = await openSocket(app.port);
    socket.write(request('GET', '/api/items').repeat(3));
    await until(() => app.inFlight.size === 3);
    socket.resetAndDestroy();
    await until(() => app.inFlight.size === 0);
    resolve([]);
    expect(await app.counted()).toEqual({ 'GET /api/items 499': 3 });
  });

  test('counts a client that leaves in the middle of its body as 499', async () => {
    app = await startApp();
    const socket = await openSocket(app.port);
    socket.write(request('POST', '/api/items', { body: '{"name":"bolt"}' }).slice(0, -5));
    await until(() => app.inFlight.size === 1);
    socket.resetAndDestroy();
    await until(() => app.inFlight.size === 0);
    await turn();
    expect(await app.counted()).toEqual({ 'POST /api/items 499': 1 });
  });

  test('adds up to the number of requests, whatever the mix', async () => {
    app = await startApp({ FAULT_ERROR_RATIO: '0.25', REQUEST_DEADLINE_SECONDS: '0.2' });
    const pipelined = request('GET', '/api/items/none').repeat(50) + request('GET', '/nope', { isLast: true });
    await Promise.all([
      sendRaw(app.port, pipelined),
      ...Array.from({ length: 40 }, (_, n) => fetch(`${app.url}${n % 2 ? '/version' : '/api/items'}`)),
      ...Array.from({ length: 9 }, () => sendRaw(app.port, request('GET', '/version', { isLast: true }))),
    ]);
    const result = await app.counted();
    expect(sum(result)).toBe(100);
    const failed = Object.entries(result).filter(([series]) => series.endsWith(' 500'));
    expect(sum(Object.fromEntries(failed))).toBe(25);
  });
});
