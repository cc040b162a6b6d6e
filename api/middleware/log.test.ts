import { afterEach, describe, expect, test } from '@jest/globals';
import { type RunningApp, startApp } from '../testing/start-app.ts';

let app: RunningApp;
afterEach(() => app.close());

describe('the request log', () => {
  test("has one line a request, with the caller's trace id", async () => {
    app = await startApp();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await fetch(`${app.url}/api/items/none`, { headers: { traceparent } });
    await fetch(`${app.url}/version`, { headers: { traceparent: 'nonsense' } });
    await fetch(`${app.url}/readyz`);
    await app.counted();
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
