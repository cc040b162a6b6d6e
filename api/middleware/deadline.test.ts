import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openSocket, request, statusesOf } from '../testing/raw-http.ts';
import { type RunningApp, startApp, storeWith } from '../testing/start-app.ts';

let app: RunningApp;
afterEach(() => app.close());

describe('a deadline', () => {
  test('answers a request past its deadline 503, counts it once, and drops the late answer', async () => {
    const { promise, resolve } = Promise.withResolvers<readonly []>();
    app = await startApp({ REQUEST_DEADLINE_SECONDS: '0.05' }, storeWith({ list: () => promise }));
    const response = await fetch(`${app.url}/api/items`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toEqual({ error: { code: 'DEADLINE_EXCEEDED', message: 'no answer within 0.05 s' } });
    resolve([]);
    expect(await app.counted()).toEqual({ 'GET /api/items 503': 1 });
  });

  test('blames a body that never arrives on its sender: 408, not 503', async () => {
    app = await startApp({ REQUEST_DEADLINE_SECONDS: '0.05' });
    const socket = await openSocket(app.port);
    socket.write(request('POST', '/api/items', { body: '{"name":"bolt"}' }).slice(0, -5));
    const [answer] = await once(socket, 'data');
    socket.destroy();
    expect(statusesOf(String(answer))).toEqual([408]);
    expect(await app.counted()).toEqual({ 'POST /api/items 408': 1 });
  });

  test('blames a handler that hangs before it reads a large body on us: 503, not 408', async () => {
    app = await startApp({ REQUEST_DEADLINE_SECONDS: '0.05', FAULT_HANG_RATIO: '1' });
    const socket = await openSocket(app.port);
    socket.write(request('POST', '/api/items', { body: JSON.stringify({ name: 'x'.repeat(10_000_000) }) }));
    const [answer] = await once(socket, 'data');
    socket.destroy();
    expect(statusesOf(String(answer))).toEqual([503]);
    expect(await app.counted()).toEqual({ 'POST /api/items 503': 1 });
  });

  test('cuts the connection of a client that does not read its response, and counts it as gone', async () => {
    const items = [{ id: 'a', name: 'x'.repeat(50_000_000), quantity: 1 }];
    app = await startApp({ REQUEST_DEADLINE_SECONDS: '0.05' }, storeWith({ list: async () => items }));
    const socket = await openSocket(app.port);
    socket.pause().on('error', () => undefined);
    socket.write(request('GET', '/api/items'));
    while (app.inFlight.size === 0) {
      await turn();
    }
    expect(await app.counted()).toEqual({ 'GET /api/items 499': 1 });
    socket.destroy();
  });
});
