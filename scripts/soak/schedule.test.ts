import { expect, test } from '@jest/globals';
import { scheduleOf } from './schedule.ts';

test.each([
  [60, 5],
  [180, 17],
])(
  'in %d s there are %d restarts, two outages of 2 s and one kill, the last of them with time to come to its end',
  (seconds, restarts) => {
    const events = scheduleOf(seconds);
    const timesOf = (what: string) => events.filter((event) => event.what === what).map(({ at }) => at);
    expect(timesOf('restart')).toEqual(Array.from({ length: restarts }, (_, index) => 10 * (index + 1)));
    expect(timesOf('backend-kill')).toEqual([0.35, 0.7].map((share) => seconds * share));
    expect(timesOf('backend-back')).toEqual(timesOf('backend-kill').map((at) => at + 2));
    expect(timesOf('kill')).toHaveLength(1);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(Math.max(...events.map(({ at }) => at))).toBeLessThanOrEqual(seconds - 10);
  },
);
