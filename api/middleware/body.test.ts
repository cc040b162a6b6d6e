import { describe, expect, test } from '@jest/globals';
import { users } from '../testing/test-app.ts';

describe('a JSON body', () => {
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
});
