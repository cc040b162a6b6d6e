import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openSocket, request, sendRaw, statusesOf } from './testing/raw-http.ts';
import { type RunningApp, startApp, storeWith } from './testing/start-app.ts';

let app: RunningApp;
afterEach(() => app.close());

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await turn();
  }
}

describe('bytes that are no request', () => {
  test('counts nothing more when a client leaves or errs in a body that was answered already', async () => {
    app = await startApp();
    const head = 'PATCH /api/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    for (const rest of ['', 'zz\r\n']) {
      const socket = await openSocket(app.port);
      socket.write(head);
      await once(socket, 'data');
      socket.end(rest);
      socket.resume();
      await once(socket, 'close');
    }
    expect(await app.counted()).toEqual({ 'other /api/items 405': 2 });
  });

  test('survives proxy requests whose senders reset the connection', async () => {
    app = await startApp();
    for (let n = 0; n < 20; n += 1) {
      const socket = await openSocket(app.port);
      socket.write('CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n');
      socket.resetAndDestroy();
    }
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
  });

  test.each([
    ['garbage', 'garbage\r\n\r\n', [400]],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', [400]],
    [
      'a length beside chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      [400],
    ],
    ['headers of 17 KiB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_408)}\r\n\r\n`, [431]],
    ['a proxy request', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', [405]],
  ])('counts %s, which no route can see, as unmatched', async (_what, bytes, statuses) => {
    app = await startApp();
    const answer = await sendRaw(app.port, bytes);
    expect(statusesOf(answer)).toEqual(statuses);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toHaveProperty('error.message');
    expect(await app.counted()).toEqual({ [`other unmatched ${statuses[0]}`]: 1 });
  });

  test('answers a body whose chunks are broken 400, under the route it was sent to', async () => {
    app = await startApp();
    const head =
      'POST /api/items HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(statusesOf(await sendRaw(app.port, `${head}zz\r\n`))).toEqual([400]);
    expect(await app.counted()).toEqual({ 'POST /api/items 400': 1 });
  });

  test('answers what came before garbage on the same connection', async () => {
    const { promise, resolve } = Promise.withResolvers<readonly []>();
    app = await startApp({}, storeWith({ list: () => promise }));
    const answers = sendRaw(app.port, `${request('GET', '/api/items')}garbage\r\n\r\n`);
    await until(() => app.inFlight.size === 1);
    resolve([]);
    expect(statusesOf(await answers)).toEqual([200]);
    expect(await app.counted()).toEqual({ 'GET /api/items 200': 1 });
  });

  test('counts a request whose target has no path that could be matched', async () => {
    app = await startApp();
    const answer = await sendRaw(app.port, request('GET', '/\\#@b', { isLast: true }));
    expect(statusesOf(answer)).toEqual([404]);
    expect(answer).toContain('{"error":{"code":"NOT_FOUND"');
    expect(await app.counted()).toEqual({ 'GET unmatched 404': 1 });
  });

  test('demands a Host of HTTP/1.1 and ignores an unknown expectation', async () => {
    app = await startApp();
    expect(statusesOf(await sendRaw(app.port, 'GET /version HTTP/1.1\r\nConnection: close\r\n\r\n'))).toEqual([400]);
    expect(statusesOf(await sendRaw(app.port, 'GET /version HTTP/1.0\r\n\r\n'))).toEqual([200]);
    expect(
      statusesOf(
        await sendRaw(app.port, request('GET', '/version', { headers: 'Expect: the-unexpected\r\n', isLast: true })),
      ),
    ).toEqual([200]);
    expect(await app.counted()).toEqual({ 'GET /version 400': 1, 'GET /version 200': 2 });
  });
});
