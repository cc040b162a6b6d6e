import { expect, test } from '@jest/globals';
import { SoakError } from './checks.ts';
import { disturb, scheduleOf } from './disturb.ts';
import type { Fleet } from './fleet.ts';
import type { Redis } from './redis.ts';

const nobody = { start: async () => ({ name: 'api-5' }), members: () => [] } as unknown as Fleet;

test('a disturbance that cannot be carried out is heard of at once, not when the last one is due', async () => {
  const broken = new SoakError('starting redis-server: Bad file format');
  const redis = { kill: async () => undefined, restart: () => Promise.reject(broken) } as unknown as Redis;
  const told: string[] = [];
  // Of the schedule, the time of the first outage alone ever comes.
  const until = (at: number) => (at < 710 && at >= 700 ? Promise.resolve() : new Promise<void>(() => undefined));
  const settings = { seconds: 2000, fleet: nobody, redis, longLived: {} as never, until };
  await expect(disturb({ ...settings, onEvent: (what) => told.push(what) }, new AbortController().signal)).rejects.toBe(
    broken,
  );
  expect(told).toEqual(['backend killed with kill -9']);
});

test.each([
  [30, 2],
  [60, 5],
  [180, 17],
])(
  'in %d s there are %d restarts, two outages and one kill, the last of them 10 s before the end',
  (seconds, restarts) => {
    const events = scheduleOf(seconds);
    const timesOf = (what: string) => events.filter((event) => event[1] === what).map(([at]) => at);
    expect(timesOf('restart')).toEqual(Array.from({ length: restarts }, (_, index) => 10 * (index + 1)));
    expect(timesOf('outage')).toEqual([0.35, 0.7].map((share) => seconds * share));
    expect(timesOf('kill')).toHaveLength(1);
    const times = events.map(([at]) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  },
);
