import { describe, expect, test } from '@jest/globals';
import { BackendError } from '../backends/backend.ts';
import { createMemoryBackend } from '../backends/memory.ts';
import { users } from '../testing/test-app.ts';

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

  test.each(['a b', 'a.b', 'x'.repeat(65), '%00', '..%2f..'])('refuses the id %s', async (id) => {
    const { body } = await users()
      .get(`/api/items/${encodeURI(decodeURI(id))}`)
      .expect(400);
    expect(body.error).toEqual({ code: 'BAD_REQUEST', message: "`id` must be 1 to 64 letters, digits, '-' or '_'" });
  });

  test.each([
    ['malformed', 'application/json', '{'],
    ['too large', 'application/json', JSON.stringify({ name: 'x'.repeat(200_000) })],
    ['text', 'text/plain', 'bolt'],
  ])('refuses a bad id before a body that is %s', async (_what, type, body) => {
    const response = await users().put('/api/items/a.b').set('Content-Type', type).send(body).expect(400);
    expect(response.body.error.message).toMatch(/^`id` must be/);
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
});
