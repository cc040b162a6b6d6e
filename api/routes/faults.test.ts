import { describe, expect, test } from '@jest/globals';
import { users } from '../testing/test-app.ts';

describe('/faults', () => {
  test('does not exist unless asked for', async () => {
    await users().get('/faults').expect(404);
    await users().put('/faults').send({ errorRatio: 1 }).expect(404);
  });

  test('shows, sets and clears what user requests meet, and leaves probes and metrics alone', async () => {
    const api = users({ FAULTS: 'on', FAULT_LATENCY_SECONDS: '0.001' });
    expect((await api.get('/faults').expect(200)).body).toEqual({ errorRatio: 0, latencySeconds: 0.001, hangRatio: 0 });
    await api.put('/faults').send({ errorRatio: 1 }).expect(200, { errorRatio: 1, latencySeconds: 0, hangRatio: 0 });
    expect((await api.get('/api/items').expect(500)).body.error.code).toBe('FAULT_INJECTED');
    for (const path of ['/livez', '/readyz', '/metrics', '/faults']) {
      await api.get(path).expect(200);
    }
    expect((await api.get('/metrics')).text).toContain(
      'app_info{version="1.4.0",revision="4f1d2c0",faults="active"} 1',
    );
    await api.delete('/faults').expect(204);
    await api.get('/api/items').expect(200);
    expect((await api.get('/metrics')).text).toContain('app_info{version="1.4.0",revision="4f1d2c0"} 1');
  });

  test.each([
    [{ errorRatio: 1.1 }, '`errorRatio` must be a number between 0 and 1'],
    [{ errorRatio: '1' }, '`errorRatio` must be a number between 0 and 1'],
    [{ latencySeconds: -1 }, '`latencySeconds` must be a number between 0 and 3600'],
    [{ errorRatio: 0.6, hangRatio: 0.5 }, '`errorRatio` and `hangRatio` must not add up to more than 1'],
    [{ ratio: 1 }, '`ratio` is not a field of the faults, which have errorRatio, latencySeconds, hangRatio'],
  ])('refuses %j and keeps what was set', async (settings, message) => {
    const api = users({ FAULTS: 'on', FAULT_LATENCY_SECONDS: '0.001' });
    expect((await api.put('/faults').send(settings).expect(400)).body.error.message).toBe(message);
    expect((await api.get('/faults')).body.latencySeconds).toBe(0.001);
  });

  test('set by environment act without the route: that is a bad release', async () => {
    const api = users({ FAULT_ERROR_RATIO: '1' });
    await api.get('/api/items').expect(500);
    await api.get('/readyz').expect(200);
  });
});
