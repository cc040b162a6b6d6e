import { expect, test } from '@jest/globals';
import { createBreaches } from './checks.ts';
import { growthPerMinute, judgeMemory, type Kept } from './memory.ts';

/** A hundred readings, three seconds apart, of what is kept at each. */
const readings = (megabytes: (index: number) => number): readonly Kept[] =>
  Array.from({ length: 100 }, (_, index) => ({ at: index * 3, megabytes: megabytes(index) }));

test.each([
  ['flat', readings(() => 5), 0],
  ['a steady rise', readings((index) => index), 20],
  ['a fall', readings((index) => -index), -20],
  ['a rise that ends with the first half', readings((index) => Math.min(index, 50)), 0],
  ['one reading in ten out of line', readings((index) => (index % 10 === 0 ? 90 : 1)), 0],
  ['nothing', [], Number.NaN],
  ['one reading', readings(() => 5).slice(0, 1), Number.NaN],
])('the growth of %s', (_what, kept, growth) => {
  expect(growthPerMinute(kept)).toBe(growth);
});

test.each([
  { seconds: 300, growth: 1, broken: ['api-1 keeps 1.00 MB more a minute, must be less than 1'] },
  { seconds: 300, growth: 0.99, broken: [] },
  { seconds: 299, growth: 2, broken: [] },
])('$growth MB more a minute for $seconds s: $broken', ({ seconds, growth, broken }) => {
  const found: string[] = [];
  const breaches = createBreaches(
    () => 0,
    ({ what }) => found.push(what),
  );
  judgeMemory(
    readings((index) => (index / 20) * growth),
    seconds,
    breaches,
  );
  expect(found).toEqual(broken);
});
