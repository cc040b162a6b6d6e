import { expect, test } from '@jest/globals';
import { restartDelay } from './restart-delay.ts';

test('a container restarts at once, then after 10 s, doubled each time to 300 s', () => {
  const delays: number[] = [];
  for (let count = 0; count < 8; count += 1) {
    delays.push(restartDelay(delays.at(-1), 5));
  }
  expect(delays).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
});

test('more than ten minutes of running end the back-off', () => {
  expect(restartDelay(160, 600)).toBe(300);
  expect(restartDelay(160, 600.1)).toBe(0);
});
