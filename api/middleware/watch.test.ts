import { describe, expect, test } from '@jest/globals';
import { request, sendRaw, statusesOf } from '../testing/raw-http.ts';
import { startApp } from '../testing/start-app.ts';
import { users } from '../testing/test-app.ts';

describe('X-Watch', () => {
  test.each(['/api/items', '/nope', '/readyz', '/livez', '/metrics', '/faults'])(
    'makes the response of %s name the version and close its connection',
    async (path) => {
      const { headers } = await users({ FAULTS: 'on' }).get(path).set('X-Watch', '1');
      expect([headers['x-version'], headers.connection]).toEqual(['1.4.0', 'close']);
    },
  );

  test('changes nothing for those who do not send it', async () => {
    const response = await users().get('/api/items').expect(200);
    expect(response.headers).not.toHaveProperty('x-version');
  });

  test('of pipelined requests closes the connection after the last one', async () => {
    const app = await startApp();
    const responses = await sendRaw(app.port, request('GET', '/api/items', { headers: 'X-Watch: 1\r\n' }).repeat(3));
    expect(statusesOf(responses)).toEqual([200, 200, 200]);
    expect(responses.match(/Connection: close/g)).toHaveLength(1);
    await app.close();
  });
});
