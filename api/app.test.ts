import { describe, expect, test } from '@jest/globals';
import pino from 'pino';
import supertest from 'supertest';
import { createApp } from './app.ts';
import { type Backend, BackendError } from './backends/backend.ts';
import { createMemoryBackend } from './backends/memory.ts';
import { parseConfig } from './config.ts';
import { ERROR_STATUS } from './errors.ts';

const ENV = { VERSION: '1.4.0', REVISION: '4f1d2c0', LOG_LEVEL: 'silent' };

function appWith(
  env: Readonly<Record<string, string>> = {},
  backend: Backend = createMemoryBackend(new URL('memory:')),
) {
  return createApp({ config: parseConfig({ ...ENV, ...env }), backend, log: pino({ level: 'silent' }) });
}

const users = (env?: Readonly<Record<string, string>>, backend?: Backend) => supertest(appWith(env, backend).users);

describe('GET /', () => {
  test('answers JSON with links to everyone but browsers', async () => {
    const response = await users().get('/').set('Accept', '*/*').expect(200).expect('Content-Type', /json/);
    expect(response.body).toEqual({
      name: 'sample-api',
      version: '1.4.0',
      revision: '4f1d2c0',
      links: { items: '/api/items', readyz: '/readyz', livez: '/livez', version: '/version', metrics: '/metrics' },
    });
  });

  test('links only to what this port serves', async () => {
    const { body } = await users({ METRICS_PORT: '9090', FAULTS: 'on' }).get('/');
    expect(body.links).not.toHaveProperty('metrics');
    expect(body.links.faults).toBe('/faults');
  });
});

describe('GET /version', () => {
  test('says what is running and since when', async () => {
    const { body } = await users().get('/version').expect(200);
    expect(body).toEqual({
      version: '1.4.0',
      revision: '4f1d2c0',
      started: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });
});

describe('X-Watch', () => {
  test('makes an answer say its version and close its connection', async () => {
    const response = await users().get('/api/items').set('X-Watch', '1').expect(200);
    expect([response.headers['x-version'], response.headers.connection]).toEqual(['1.4.0', 'close']);
  });

  test.each(['/readyz', '/livez', '/metrics', '/faults'])('is heard on %s too', async (path) => {
    const { headers } = await users({ FAULTS: 'on' }).get(path).set('X-Watch', '1').expect(200);
    expect([headers['x-version'], headers.connection]).toEqual(['1.4.0', 'close']);
  });

  test('changes nothing for those who do not send it', async () => {
    const response = await users().get('/api/items').expect(200);
    expect(response.headers).not.toHaveProperty('x-version');
  });
});

describe('/api/items', () => {
  test('creates, lists, reads, replaces and deletes an item', async () => {
    const api = users();
    const created = await api.post('/api/items').send({ name: 'bolt', quantity: 3 }).expect(201);
    const path = created.headers.location ?? '';
    expect(created.body).toEqual({ id: path.replace('/api/items/', ''), name: 'bolt', quantity: 3 });
    expect((await api.get('/api/items').expect(200)).body).toEqual({ items: [created.body] });
    expect((await api.get(path).expect(200)).body).toEqual(created.body);
    const replaced = await api.put(path).send({ name: 'nut' }).expect(200);
    expect(replaced.body).toEqual({ ...created.body, name: 'nut', quantity: 0 });
    await api.delete(path).expect(204, '');
    await api.get(path).expect(404);
    await api.delete(path).expect(404);
    expect((await api.get('/api/items')).body).toEqual({ items: [] });
  });

  test('creates under an id of the client with PUT, so that a retried creation is one creation', async () => {
    const api = users();
    await api.put('/api/items/bolt-1').send({ id: 'bolt-1', name: 'bolt' }).expect(201);
    await api.put('/api/items/bolt-1').send({ id: 'bolt-1', name: 'bolt' }).expect(200);
    expect((await api.get('/api/items')).body.items).toHaveLength(1);
  });

  test('answers HEAD as GET without a body', async () => {
    const response = await users().head('/api/items').expect(200);
    expect([response.headers['content-type'], response.text]).toEqual(['application/json; charset=utf-8', undefined]);
  });

  test('answers 304 to who has the answer already', async () => {
    const api = users();
    const { headers } = await api.get('/api/items');
    await api
      .get('/api/items')
      .set('If-None-Match', headers.etag ?? '')
      .expect(304);
  });

  test.each([
    ['no body', undefined, 415, '`Content-Type` must be application/json, with a body'],
    ['malformed JSON', '{"name":', 400, 'the body must be valid JSON'],
    ['a JSON string', '"bolt"', 400, 'the body must be valid JSON'],
    ['an array', '[]', 400, 'the body must be a JSON object'],
    ['no fields', '{}', 400, '`name` must be a string of 1 to 200 characters without control characters'],
    ['an empty name', '{"name":""}', 400, '`name` must be'],
    ['a name of 201 characters', JSON.stringify({ name: 'x'.repeat(201) }), 400, '`name` must be'],
    ['a name with a NUL', '{"name":"a\\u0000"}', 400, '`name` must be'],
    ['a name with half a character', '{"name":"\\ud800"}', 400, '`name` must be'],
    ['a number for a name', '{"name":1}', 400, '`name` must be'],
    [
      'a negative quantity',
      '{"name":"a","quantity":-1}',
      400,
      '`quantity` must be an integer between 0 and 1000000000',
    ],
    ['a fractional quantity', '{"name":"a","quantity":1.5}', 400, '`quantity` must be'],
    ['a quantity past the limit', '{"name":"a","quantity":1000000001}', 400, '`quantity` must be'],
    ['a quantity in quotes', '{"name":"a","quantity":"1"}', 400, '`quantity` must be'],
    [
      'an unknown field',
      '{"name":"a","colour":1}',
      400,
      '`colour` is not a field of an item, which has id, name, quantity',
    ],
    ['a prototype', '{"name":"a","__proto__":{"quantity":5}}', 400, '`__proto__` is not a field of an item'],
    [
      'two mistakes',
      '{"name":"","quantity":-1}',
      400,
      '`name` must be a string of 1 to 200 characters without control characters; `quantity` must',
    ],
  ])('refuses %s and stores nothing', async (_what, body, status, message) => {
    const api = users();
    const post = api.post('/api/items');
    const response = await (body === undefined ? post : post.set('Content-Type', 'application/json').send(body)).expect(
      status,
    );
    expect(response.body.error.message).toContain(message);
    expect((await api.get('/api/items')).body).toEqual({ items: [] });
  });

  test.each([
    ['a name of 200 characters', { name: '€'.repeat(200) }],
    ['a quantity at the limit', { name: 'a', quantity: 1_000_000_000 }],
  ])('takes %s', async (_what, item) => {
    await users().post('/api/items').send(item).expect(201);
  });

  test.each([
    ['text/plain', 415],
    ['application/json; charset=latin1', 415],
    ['application/json; charset=utf-8', 201],
  ])('answers a body of %s with %i', async (type, status) => {
    await users().post('/api/items').set('Content-Type', type).send('{"name":"a"}').expect(status);
  });

  test('refuses an encoding it does not know, and a gzip that is none', async () => {
    const post = () => users().post('/api/items').set('Content-Type', 'application/json');
    await post().set('Content-Encoding', 'pigeon').send('{"name":"a"}').expect(415);
    await post().set('Content-Encoding', 'gzip').send('{"name":"a"}').expect(400);
  });

  test('takes a body of 100 KiB and refuses one byte more', async () => {
    const bodyOf = (bytes: number) => `{"name":"a"${' '.repeat(bytes - 12)}}`;
    const post = () => users().post('/api/items').set('Content-Type', 'application/json');
    await post().send(bodyOf(102_400)).expect(201);
    const { body } = await post().send(bodyOf(102_401)).expect(413);
    expect(body.error.message).toBe('the body must not be larger than 100 KiB');
  });

  test.each(['a b', 'a.b', 'x'.repeat(65), '%00', '..%2f..'])('refuses the id %s', async (id) => {
    const { body } = await users()
      .get(`/api/items/${encodeURI(decodeURI(id))}`)
      .expect(400);
    expect(body.error).toEqual({ code: 'BAD_REQUEST', message: "`id` must be 1 to 64 letters, digits, '-' or '_'" });
  });

  test('refuses a body whose id is not the one in the path', async () => {
    await users().put('/api/items/a').send({ id: 'b', name: 'x' }).expect(400);
  });

  test('answers 503 with a time to come back when the backend is down, and names it', async () => {
    const down = async (): Promise<never> => {
      throw new BackendError('connection refused, nothing listens there');
    };
    const backend = { ...createMemoryBackend(new URL('memory:')), address: 'redis://redis:6379', list: down };
    const response = await users({}, backend).get('/api/items').expect(503).expect('Retry-After', '1');
    expect(response.body.error).toEqual({
      code: 'BACKEND_UNAVAILABLE',
      message: 'backend redis://redis:6379: connection refused, nothing listens there',
    });
  });

  test('answers 500 without details when a handler throws what nobody expected', async () => {
    const broken = async (): Promise<never> => {
      throw new TypeError('secret internals');
    };
    const { body } = await users({}, { ...createMemoryBackend(new URL('memory:')), list: broken })
      .get('/api/items')
      .expect(500);
    expect(body).toEqual({ error: { code: 'INTERNAL', message: 'something went wrong on our side' } });
  });
});

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

describe('METRICS_PORT', () => {
  test('moves /metrics to a port that serves probes too, and nothing to users', async () => {
    const app = appWith({ METRICS_PORT: '9090' });
    await supertest(app.users).get('/metrics').expect(404);
    await supertest(app.users).get('/readyz').expect(200);
    for (const path of ['/metrics', '/livez', '/readyz']) {
      await supertest(app.operators).get(path).expect(200);
    }
    await supertest(app.operators).get('/api/items').expect(404);
  });
});
