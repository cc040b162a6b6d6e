import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import pino from 'pino';
import supertest from 'supertest';
import { createApp } from './app.ts';
import { type Backend, BackendError } from './backends/backend.ts';
import { createMemoryBackend } from './backends/memory.ts';
import { parseConfig } from './config.ts';

/** A backend whose `check` does what the test says next, and counts how often it was asked. */
function scriptedBackend(...outcomes: readonly (() => Promise<string | undefined>)[]) {
  let asked = 0;
  const check = () =>
    (outcomes[Math.min(asked++, outcomes.length - 1)] ?? outcomes[0])?.() ?? Promise.resolve(undefined);
  const backend: Backend = { ...createMemoryBackend(new URL('memory:')), address: 'redis://redis:6379/0', check };
  return { backend, asked: () => asked };
}

const up = async () => 'orders';
const nameless = async () => undefined;
const down = async () => {
  throw new BackendError('connection refused, nothing listens there');
};
const hung = () => new Promise<never>(() => undefined);

function appOn(backend: Backend, env: Readonly<Record<string, string>> = {}) {
  const app = createApp({ config: parseConfig(env), backend, log: pino({ level: 'silent' }) });
  return { ...app, api: supertest(app.users) };
}

// The clock stands still unless a test moves it; timers and requests are real.
beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: [
      'Date',
      'hrtime',
      'nextTick',
      'queueMicrotask',
      'setImmediate',
      'setInterval',
      'setTimeout',
      'clearImmediate',
      'clearInterval',
      'clearTimeout',
    ],
  });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Past the time for which a check stays fresh. */
const nextCheck = () => jest.advanceTimersByTime(101);

describe('GET /readyz', () => {
  test('says which backend answered, who it is and how long it took', async () => {
    const { api } = appOn(scriptedBackend(up).backend, { VERSION: '1.4.0' });
    expect((await api.get('/readyz').expect(200)).body).toEqual({
      status: 'ready',
      version: '1.4.0',
      readiness: 'strict',
      checks: {
        backend: { ok: true, address: 'redis://redis:6379/0', id: 'orders', durationSeconds: expect.any(Number) },
      },
    });
  });

  test('is 503 with the reason when the backend cannot be used', async () => {
    const { api } = appOn(scriptedBackend(down).backend);
    const { body } = await api
      .get('/readyz')
      .expect(503)
      .expect('Retry-After', '1')
      .expect('Cache-Control', 'no-store');
    expect(body.error).toEqual({
      code: 'NOT_READY',
      message: 'backend redis://redis:6379/0: connection refused, nothing listens there',
    });
    expect(body.checks.backend.ok).toBe(false);
  });

  test.each([
    ['the expected id', up, 'orders', 200, undefined],
    ['another id', up, 'payments', 503, "it reports the id 'orders', but BACKEND_ID asks for 'payments'"],
    ['no id', nameless, 'orders', 503, "it reports no id, but BACKEND_ID asks for 'orders'"],
  ])('holds a store that reports %s against BACKEND_ID', async (_what, check, id, status, message) => {
    const { api } = appOn(scriptedBackend(check).backend, { BACKEND_ID: id });
    expect((await api.get('/readyz').expect(status)).body.checks.backend.message).toBe(message);
  });

  test('takes a nameless store when no BACKEND_ID asks', async () => {
    await appOn(scriptedBackend(nameless).backend).api.get('/readyz').expect(200);
  });

  test('under strict follows the backend for ever', async () => {
    const { api } = appOn(scriptedBackend(up, down, up).backend);
    await api.get('/readyz').expect(200);
    nextCheck();
    await api.get('/readyz').expect(503);
    nextCheck();
    await api.get('/readyz').expect(200);
  });

  test('under latched is strict until the first success, then reports without withdrawing', async () => {
    const { api } = appOn(scriptedBackend(down, up, down).backend, { READINESS: 'latched' });
    await api.get('/readyz').expect(503);
    nextCheck();
    await api.get('/readyz').expect(200);
    nextCheck();
    const { body } = await api.get('/readyz').expect(200);
    expect(body).toMatchObject({ status: 'ready', readiness: 'latched', checks: { backend: { ok: false } } });
    expect((await api.get('/metrics')).text).toContain('backend_up 0');
  });

  test('under latched a wrong store has never succeeded', async () => {
    const { api } = appOn(scriptedBackend(up).backend, { READINESS: 'latched', BACKEND_ID: 'payments' });
    await api.get('/readyz').expect(503);
    nextCheck();
    await api.get('/readyz').expect(503);
  });

  test('asks once for any number of probes at once, and again once the answer is old', async () => {
    const { backend, asked } = scriptedBackend(up);
    const { api } = appOn(backend);
    await Promise.all(Array.from({ length: 20 }, () => api.get('/readyz').expect(200)));
    expect(asked()).toBe(1);
    jest.advanceTimersByTime(99);
    await api.get('/readyz').expect(200);
    expect(asked()).toBe(1);
    jest.advanceTimersByTime(2);
    await api.get('/readyz').expect(200);
    expect(asked()).toBe(2);
  });

  test('is not hung by a backend that never answers', async () => {
    const { api } = appOn(scriptedBackend(hung).backend, { BACKEND_TIMEOUT_SECONDS: '0.05' });
    const { body } = await api.get('/readyz').expect(503);
    expect(body.error.message).toBe('backend redis://redis:6379/0: no answer within 0.05 s');
    expect(body.checks.backend.durationSeconds).toBeLessThan(30);
  });

  test('fails at once when the process drains, whatever the backend says', async () => {
    const { api, inFlight } = appOn(scriptedBackend(up).backend);
    inFlight.drain();
    const { body } = await api.get('/readyz').expect(503);
    expect([body.status, body.error.message]).toEqual(['draining', 'this pod is shutting down']);
  });
});

describe('GET /livez', () => {
  test('never looks at the backend', async () => {
    const { backend, asked } = scriptedBackend(hung);
    const { api } = appOn(backend);
    await api.get('/livez').expect(200, { status: 'alive' });
    expect(asked()).toBe(0);
  });
});

describe('GET /metrics', () => {
  test('waits for no backend', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const { api, readiness } = appOn(scriptedBackend(() => promise).backend, { BACKEND_TIMEOUT_SECONDS: '60' });
    await api.get('/metrics').expect(200);
    resolve(undefined);
    expect((await readiness.check()).ok).toBe(true);
  });
});
