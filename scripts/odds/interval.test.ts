import { describe, expect, test } from '@jest/globals';
import { quantile, wilson } from './interval.ts';

describe('wilson', () => {
  // Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I.
  test.each([
    { hits: 81, runs: 263, low: 0.2553, high: 0.3662 },
    { hits: 15, runs: 148, low: 0.0624, high: 0.1605 },
    { hits: 0, runs: 20, low: 0, high: 0.1611 },
    { hits: 1, runs: 29, low: 0.0061, high: 0.1718 },
  ])('of $hits in $runs is what the literature says', ({ hits, runs, low, high }) => {
    const interval = wilson(hits, runs);
    expect(interval.share).toBe(hits / runs);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('reaches 1 where all were hits', () => {
    expect(wilson(20, 20).high).toBe(1);
  });
});

describe('quantile', () => {
  test('is a value that was there', () => {
    expect([0, 0.5, 0.75, 0.95, 1].map((share) => quantile([40, 10, 30, 20], share))).toEqual([10, 20, 30, 40, 40]);
  });

  test('of nothing is nothing', () => {
    expect(quantile([], 0.5)).toBeUndefined();
  });
});
