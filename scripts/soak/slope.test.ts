import { expect, test } from '@jest/globals';
import { slopePerSecond } from './slope.ts';

const points = (...values: readonly number[]) => values.map((value, at) => ({ at, value }));

test.each([
  ['flat', points(5, 5, 5, 5), 0],
  ['a steady rise', points(0, 2, 4, 6), 2],
  ['a fall', points(3, 2, 1), -1],
  ['two points', points(1, 4), 3],
  ['one point out of line', points(1, 1, 90, 1, 1, 1), 0],
  ['nothing', [], Number.NaN],
  ['one point', points(1), Number.NaN],
])('%s', (_what, given, slope) => {
  expect(slopePerSecond(given)).toBe(slope);
});
