import { expect, test } from '@jest/globals';
import { createBreaches } from './breaches.ts';
import type { Instance } from './instance.ts';
import { createMemory } from './memory.ts';

test.each([
  { seconds: 300, megabytesPerMinute: 1, broken: ['api-1 keeps 1.00 MB more a minute, must be less than 1'] },
  { seconds: 300, megabytesPerMinute: 0.99, broken: [] },
  { seconds: 299, megabytesPerMinute: 2, broken: [] },
])('$megabytesPerMinute MB more a minute for $seconds s: $broken', async ({ seconds, megabytesPerMinute, broken }) => {
  const end = new AbortController();
  let now = 0;
  const clock = {
    now: () => now,
    until: async (time: number) => {
      now = time;
      if (now > seconds) {
        end.abort();
      }
    },
  };
  // Code is compiled and caches fill in the first half.
  const collector = {
    keptBytes: async () => (Math.min(now, seconds / 2) + (now / 60) * megabytesPerMinute) * 1e6,
    close: () => undefined,
  };
  const memory = createMemory({ name: 'api-1' } as Instance, collector, clock);
  await memory.run(0, end.signal);
  const found: string[] = [];
  memory.judge(
    createBreaches(clock.now, (_check, { what }) => found.push(what)),
    seconds,
  );
  expect(found).toEqual(broken);
});
