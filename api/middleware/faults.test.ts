import { describe, expect, test } from '@jest/globals';
import { type Fault, type FaultSettings, Faults, NO_FAULTS } from './faults.ts';

function draw(settings: Partial<FaultSettings>, requests: number): readonly Fault[] {
  const faults = new Faults({ ...NO_FAULTS, ...settings });
  return Array.from({ length: requests }, () => faults.next());
}

function countOf(fault: Fault, drawn: readonly Fault[]): number {
  return drawn.filter((each) => each === fault).length;
}

describe('Faults', () => {
  test('at ratio 0.1 fails every 10th request', () => {
    const failed = draw({ errorRatio: 0.1 }, 1000).flatMap((fault, index) => (fault === 'error' ? [index + 1] : []));
    expect(failed).toEqual(Array.from({ length: 100 }, (_, n) => (n + 1) * 10));
  });

  test.each([
    [0, 0],
    [0.00001, 1],
    [0.29, 29_000],
    [1 / 3, 33_333],
    [0.7, 70_000],
    [1, 100_000],
  ])('at ratio %d fails %d of 100,000, never two more or fewer than due in between', (errorRatio, due) => {
    const drawn = draw({ errorRatio }, 100_000);
    expect(countOf('error', drawn)).toBe(due);
    let failed = 0;
    let worst = 0;
    drawn.forEach((fault, index) => {
      failed += fault === 'error' ? 1 : 0;
      worst = Math.max(worst, Math.abs(failed - errorRatio * (index + 1)));
    });
    expect(worst).toBeLessThanOrEqual(1);
  });

  test('keeps both ratios exact when they fall on the same request', () => {
    const drawn = draw({ errorRatio: 0.5, hangRatio: 0.5 }, 1000);
    expect([countOf('hang', drawn), countOf('error', drawn)]).toEqual([500, 500]);
  });

  test('starts afresh when set, and is active only while something is', () => {
    const faults = new Faults({ ...NO_FAULTS, errorRatio: 0.5 });
    faults.next();
    faults.set({ ...NO_FAULTS, errorRatio: 0.5 });
    expect([faults.next(), faults.next(), faults.isActive]).toEqual(['none', 'error', true]);
    faults.set(NO_FAULTS);
    expect(faults.isActive).toBe(false);
  });
});
