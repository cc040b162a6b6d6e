import { describe, expect, test } from '@jest/globals';
import { createMemoryBackend } from '../backends/memory.ts';
import { users } from '../testing/test-app.ts';

describe('a handler that throws', () => {
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
