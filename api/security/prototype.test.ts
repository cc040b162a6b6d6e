import { describe, expect, test } from '@jest/globals';
import pino from 'pino';
import supertest from 'supertest';
import { createApp } from '../app.ts';
import { createMemoryBackend } from '../backends/memory.ts';
import { parseConfig } from '../config.ts';

function users() {
  const backend = createMemoryBackend(new URL('memory:'));
  return supertest(createApp({ config: parseConfig({ FAULTS: 'on' }), backend, log: pino({ level: 'silent' }) }).users);
}

/** What would show on every object, had one of these been followed. */
const POISON = '{"errorRatio":1,"latencySeconds":1,"hangRatio":1,"name":"poison","quantity":7,"isAdmin":true}';
const FIELDS = ['errorRatio', 'latencySeconds', 'hangRatio', 'name', 'quantity', 'isAdmin'];

const BODIES: readonly (readonly [string, string])[] = [
  ['__proto__', `{"name":"a","__proto__":${POISON}}`],
  ['__proto__ alone', `{"__proto__":${POISON}}`],
  ['an escaped __proto__', `{"name":"a","\\u005f_proto__":${POISON}}`],
  ['constructor.prototype', `{"name":"a","constructor":{"prototype":${POISON}}}`],
  ['a name with the dots in it', `{"name":"a","constructor.prototype.isAdmin":true}`],
  ['prototype', `{"name":"a","prototype":${POISON}}`],
  ['a getter of old', '{"name":"a","__defineGetter__":"isAdmin","__lookupGetter__":1}'],
  ['toString and valueOf', '{"name":"a","toString":1,"valueOf":1,"hasOwnProperty":1}'],
  ['__proto__ in a field', `{"name":{"__proto__":${POISON}},"quantity":{"__proto__":${POISON}}}`],
  ['a list', `[{"__proto__":${POISON}}]`],
];

function expectUnpoisoned(): void {
  for (const subject of [{}, [], () => undefined]) {
    expect(FIELDS.filter((field) => field in subject && !(field === 'name' && typeof subject === 'function'))).toEqual(
      [],
    );
  }
}

describe('a body with a prototype in it', () => {
  test.each(BODIES)(
    '%s: is refused by every route that takes a body, and reaches no other object',
    async (_what, body) => {
      const api = users();
      for (const [method, path] of [
        ['post', '/api/items'],
        ['put', '/api/items/a'],
        ['put', '/api/items/__proto__'],
        ['put', '/faults'],
      ] as const) {
        const response = await api[method](path).set('Content-Type', 'application/json').send(body);
        expect([path, response.status]).toEqual([path, 400]);
      }
      expectUnpoisoned();
      expect((await api.get('/api/items').expect(200)).body).toEqual({ items: [] });
      expect((await api.get('/faults').expect(200)).body).toEqual({ errorRatio: 0, latencySeconds: 0, hangRatio: 0 });
    },
  );

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('an item called %s is an item', async (id) => {
    const api = users();
    await api.get(`/api/items/${id}`).expect(404);
    await api.delete(`/api/items/${id}`).expect(404);
    await api.put(`/api/items/${id}`).send({ name: 'a' }).expect(201);
    expect((await api.get(`/api/items/${id}`).expect(200)).body).toEqual({ id, name: 'a', quantity: 0 });
    expectUnpoisoned();
  });
});
