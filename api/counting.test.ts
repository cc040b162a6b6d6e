import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Backend } from './backends/backend.ts';
import { createMemoryBackend } from './backends/memory.ts';
import { openSocket, request, sendRaw, statusesOf } from './testing/raw-http.ts';
import { countedRequests, scrape, sum } from './testing/scrape.ts';
import { type RunningApp, startApp } from './testing/start-app.ts';

let app: RunningApp;
afterEach(() => app.close());

async function start(env: Readonly<Record<string, string>> = {}, backend?: Partial<Backend>): Promise<void> {
  const store = backend && { ...createMemoryBackend(new URL('memory:')), ...backend };
  app = await startApp({ LOG_LEVEL: 'info', ...env }, store);
}

/** What was counted once nothing is under way any more. */
async function counted(): Promise<Readonly<Record<string, number>>> {
  await app.inFlight.idle();
  return countedRequests(await scrape(app.url));
}

/** A promise and what settles it: a backend that answers when the test says so. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<readonly []>();
  return { promise, open: () => resolve([]) };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await turn();
  }
}

describe('http_requests_total', () => {
  test('counts every answer once, under its route pattern, method and code', async () => {
    await start();
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
    expect(await counted()).toEqual({
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
    await start({ FAULTS: 'on' });
    for (const path of ['/livez', '/readyz', '/metrics', '/faults']) {
      await fetch(`${app.url}${path}`);
    }
    for (const path of ['/livez', '/readyz', '/metrics', '/faults']) {
      await fetch(`${app.url}${path}`, { method: 'PATCH' });
    }
    expect(await counted()).toEqual({});
  });

  test('counts a handler that throws under its route', async () => {
    await start({}, { get: () => Promise.reject(new TypeError('broken')) });
    await fetch(`${app.url}/api/items/a`);
    expect(await counted()).toEqual({ 'GET /api/items/:id 500': 1 });
  });

  test('counts a client that leaves before its answer as 499, each of its pipelined requests once', async () => {
    const { promise, open } = gate();
    await start({}, { list: () => promise });
    const socket = await openSocket(app.port);
    socket.write(request('GET', '/api/items').repeat(3));
    await until(() => app.inFlight.size === 3);
    socket.resetAndDestroy();
    await until(() => app.inFlight.size === 0);
    open();
    expect(await counted()).toEqual({ 'GET /api/items 499': 3 });
  });

  test('counts a client that leaves in the middle of its body as 499', async () => {
    await start();
    const socket = await openSocket(app.port);
    socket.write(request('POST', '/api/items', { body: '{"name":"bolt"}' }).slice(0, -5));
    await until(() => app.inFlight.size === 1);
    socket.resetAndDestroy();
    await until(() => app.inFlight.size === 0);
    await turn();
    expect(await counted()).toEqual({ 'POST /api/items 499': 1 });
  });

  test('answers a request past its deadline 503, counts it once, and drops the late answer', async () => {
    const { promise, open } = gate();
    await start({ REQUEST_DEADLINE_SECONDS: '0.05' }, { list: () => promise });
    const response = await fetch(`${app.url}/api/items`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toEqual({ error: { code: 'DEADLINE_EXCEEDED', message: 'no answer within 0.05 s' } });
    open();
    expect(await counted()).toEqual({ 'GET /api/items 503': 1 });
  });

  test('blames a body that never arrives on its sender: 408, not 503', async () => {
    await start({ REQUEST_DEADLINE_SECONDS: '0.05' });
    const socket = await openSocket(app.port);
    socket.write(request('POST', '/api/items', { body: '{"name":"bolt"}' }).slice(0, -5));
    const [answer] = await once(socket, 'data');
    socket.destroy();
    expect(statusesOf(String(answer))).toEqual([408]);
    expect(await counted()).toEqual({ 'POST /api/items 408': 1 });
  });

  test('counts nothing more when a client leaves or errs in a body that was answered already', async () => {
    await start();
    const head = 'PATCH /api/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    for (const rest of ['', 'zz\r\n']) {
      const socket = await openSocket(app.port);
      socket.write(head);
      await once(socket, 'data');
      socket.end(rest);
      socket.resume();
      await once(socket, 'close');
    }
    expect(await counted()).toEqual({ 'other /api/items 405': 2 });
  });

  test('blames a handler that hangs before it reads a large body on us: 503, not 408', async () => {
    await start({ REQUEST_DEADLINE_SECONDS: '0.05', FAULT_HANG_RATIO: '1' });
    const socket = await openSocket(app.port);
    socket.write(request('POST', '/api/items', { body: JSON.stringify({ name: 'x'.repeat(10_000_000) }) }));
    const [answer] = await once(socket, 'data');
    socket.destroy();
    expect(statusesOf(String(answer))).toEqual([503]);
    expect(await counted()).toEqual({ 'POST /api/items 503': 1 });
  });

  test('survives proxy requests whose senders reset the connection', async () => {
    await start();
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
    await start();
    const answer = await sendRaw(app.port, bytes);
    expect(statusesOf(answer)).toEqual(statuses);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toHaveProperty('error.message');
    expect(await counted()).toEqual({ [`other unmatched ${statuses[0]}`]: 1 });
  });

  test('answers a body whose chunks are broken 400, under the route it was sent to', async () => {
    await start();
    const head =
      'POST /api/items HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(statusesOf(await sendRaw(app.port, `${head}zz\r\n`))).toEqual([400]);
    expect(await counted()).toEqual({ 'POST /api/items 400': 1 });
  });

  test('answers what came before garbage on the same connection', async () => {
    const { promise, open } = gate();
    await start({}, { list: () => promise });
    const answers = sendRaw(app.port, `${request('GET', '/api/items')}garbage\r\n\r\n`);
    await until(() => app.inFlight.size === 1);
    open();
    expect(statusesOf(await answers)).toEqual([200]);
    expect(await counted()).toEqual({ 'GET /api/items 200': 1 });
  });

  test('counts a request whose target has no path that could be matched', async () => {
    await start();
    const answer = await sendRaw(app.port, request('GET', '/\\#@b', { isLast: true }));
    expect(statusesOf(answer)).toEqual([404]);
    expect(answer).toContain('{"error":{"code":"NOT_FOUND"');
    expect(await counted()).toEqual({ 'GET unmatched 404': 1 });
  });

  test('demands a Host of HTTP/1.1 and ignores an unknown expectation', async () => {
    await start();
    expect(statusesOf(await sendRaw(app.port, 'GET /version HTTP/1.1\r\nConnection: close\r\n\r\n'))).toEqual([400]);
    expect(statusesOf(await sendRaw(app.port, 'GET /version HTTP/1.0\r\n\r\n'))).toEqual([200]);
    expect(
      statusesOf(
        await sendRaw(app.port, request('GET', '/version', { headers: 'Expect: the-unexpected\r\n', isLast: true })),
      ),
    ).toEqual([200]);
    expect(await counted()).toEqual({ 'GET /version 400': 1, 'GET /version 200': 2 });
  });

  test('adds up to the number of requests, whatever the mix', async () => {
    await start({ FAULT_ERROR_RATIO: '0.25', REQUEST_DEADLINE_SECONDS: '0.2' });
    const pipelined = request('GET', '/api/items/none').repeat(50) + request('GET', '/nope', { isLast: true });
    await Promise.all([
      sendRaw(app.port, pipelined),
      ...Array.from({ length: 40 }, (_, n) => fetch(`${app.url}${n % 2 ? '/version' : '/api/items'}`)),
      ...Array.from({ length: 9 }, () => sendRaw(app.port, request('GET', '/version', { isLast: true }))),
    ]);
    const result = await counted();
    expect(sum(result)).toBe(100);
    const failed = Object.entries(result).filter(([series]) => series.endsWith(' 500'));
    expect(sum(Object.fromEntries(failed))).toBe(25);
  });
});

describe('series', () => {
  test('exist at 0 on the first scrape, 2xx, 4xx and 5xx of every route', async () => {
    await start();
    const first = await scrape(app.url);
    for (const series of [
      'http_requests_total{method="GET",route="/api/items",code="200"}',
      'http_requests_total{method="GET",route="/api/items",code="500"}',
      'http_requests_total{method="GET",route="/api/items",code="503"}',
      'http_requests_total{method="PUT",route="/api/items/:id",code="201"}',
      'http_requests_total{method="GET",route="unmatched",code="404"}',
      'http_requests_total{method="other",route="unmatched",code="431"}',
      'http_request_duration_seconds_bucket{le="0.5",method="GET",route="/api/items"}',
      'http_request_duration_seconds_count{method="GET",route="/api/items"}',
      'http_requests_in_flight',
    ]) {
      expect([series, first.get(series)]).toEqual([series, 0]);
    }
    expect(first.get('app_info{version="0.1.0",revision="unknown"}')).toBe(1);
  });

  test('of a histogram are cumulative, and its count is the counter', async () => {
    await start();
    for (let n = 0; n < 5; n += 1) {
      await fetch(`${app.url}/version`);
    }
    await counted();
    const series = await scrape(app.url);
    const name = 'http_request_duration_seconds';
    expect(series.get(`${name}_bucket{le="+Inf",method="GET",route="/version"}`)).toBe(5);
    expect(series.get(`${name}_count{method="GET",route="/version"}`)).toBe(5);
    expect(series.get(`${name}_bucket{le="10",method="GET",route="/version"}`)).toBe(5);
    expect(series.get(`${name}_sum{method="GET",route="/version"}`)).toBeGreaterThan(0);
  });
});

describe('the request log', () => {
  test("has one line a request, with the caller's trace id", async () => {
    await start();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await fetch(`${app.url}/api/items/none`, { headers: { traceparent } });
    await fetch(`${app.url}/version`, { headers: { traceparent: 'nonsense' } });
    await fetch(`${app.url}/readyz`);
    await counted();
    expect(app.logs.filter(({ msg }) => msg === 'request')).toEqual([
      expect.objectContaining({
        requestId: '4bf92f3577b34da6a3ce929d0e0e4736',
        method: 'GET',
        route: '/api/items/:id',
        code: 404,
        durationSeconds: expect.any(Number),
      }),
      expect.objectContaining({ requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), route: '/version', code: 200 }),
    ]);
  });
});
