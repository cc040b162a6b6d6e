import { describe, expect, test } from '@jest/globals';
import { wilson } from './interval.ts';
import { CELL, exactly, type Precision, refine } from './precision.ts';

/** Of a release that is aborted once in so many. */
function runsFor(onceIn: number, precision: Precision): number {
  let runs = 0;
  const tally = {
    play: (more: number) => {
      runs += more;
    },
    runs: () => runs,
    abort: () => wilson(Math.floor(runs / onceIn), runs),
  };
  expect([...refine(tally, precision)].length).toBeGreaterThan(0);
  return runs;
}

describe('refine', () => {
  test('plays few releases where the answer is plain, and many where it is not', () => {
    expect(runsFor(Number.POSITIVE_INFINITY, CELL)).toBe(300);
    expect(runsFor(1, CELL)).toBe(300);
    expect(runsFor(2, CELL)).toBe(2400);
    expect(runsFor(10, CELL)).toBeGreaterThan(300);
    expect(runsFor(10, CELL)).toBeLessThan(2400);
  });

  test('knows a tenth to two points then', () => {
    const { low, high } = wilson(Math.floor(runsFor(10, CELL) / 10), runsFor(10, CELL));
    expect((high - low) / 2).toBeLessThanOrEqual(CELL.within);
  });

  test('plays exactly as many as it is told', () => {
    expect([1, 40, 250].map((runs) => runsFor(3, exactly(runs)))).toEqual([1, 40, 250]);
  });
});
