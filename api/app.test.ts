import { describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import { ERROR_STATUS } from './reply.ts';
import { createTestApp, users } from './testing/test-app.ts';

describe('every path', () => {
  test.each([
    ['/', 'GET, HEAD'],
    ['/version', 'GET, HEAD'],
    ['/api/items', 'GET, HEAD, POST'],
    ['/api/items/a', 'GET, HEAD, PUT, DELETE'],
    ['/livez', 'GET, HEAD'],
    ['/readyz', 'GET, HEAD'],
    ['/metrics', 'GET, HEAD'],
    ['/faults', 'GET, HEAD, PUT, DELETE'],
  ])('%s answers other methods 405 and allows %s', async (path, allow) => {
    const response = await users({ FAULTS: 'on' }).patch(path).expect(405).expect('Allow', allow);
    expect(response.body.error.code).toBe('METHOD_NOT_ALLOWED');
  });

  test('that does not exist is 404, and one that cannot be decoded 400', async () => {
    expect((await users().get('/nope').expect(404)).body.error.code).toBe('NOT_FOUND');
    expect((await users().get('/api/items/%zz').expect(400)).body.error.code).toBe('BAD_REQUEST');
  });

  test('that fails says so twice, in its status and in its body', async () => {
    const api = users();
    for (const path of ['/nope', '/api/items/%zz', '/api/items/a.b', '/api/items/none', '/faults']) {
      const { status, body } = await api.get(path);
      expect(ERROR_STATUS[body.error.code as keyof typeof ERROR_STATUS]).toBe(status);
    }
  });
});

describe('METRICS_PORT', () => {
  test('moves /metrics to a port that serves probes too, and nothing to users', async () => {
    const app = createTestApp({ METRICS_PORT: '9090' });
    await supertest(app.users).get('/metrics').expect(404);
    await supertest(app.users).get('/readyz').expect(200);
    for (const path of ['/metrics', '/livez', '/readyz']) {
      await supertest(app.operators).get(path).expect(200);
    }
    await supertest(app.operators).get('/api/items').expect(404);
  });
});
