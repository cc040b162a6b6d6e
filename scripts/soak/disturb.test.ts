import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { disturb } from './disturb.ts';
import { SoakError } from './errors.ts';
import type { Fleet } from './fleet.ts';
import type { Redis } from './redis.ts';

const nobody = { start: async () => ({ name: 'api-5' }), members: () => [] } as unknown as Fleet;

test('a disturbance that cannot be carried out is heard of at once, not when the last one is due', async () => {
  const clock = { now: () => 0, until: () => turn() };
  const broken = new SoakError('starting redis-server: Bad file format');
  const redis = { kill: async () => undefined, restart: () => Promise.reject(broken) } as unknown as Redis;
  const told: string[] = [];
  const settings = { begin: 0, seconds: 2000, fleet: nobody, redis, clock, longLived: {} as never };
  await expect(disturb({ ...settings, onEvent: (what) => told.push(what) }, new AbortController().signal)).rejects.toBe(
    broken,
  );
  expect(told).toEqual(['backend killed with kill -9']);
});
