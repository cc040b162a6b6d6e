import { describe, expect, test } from '@jest/globals';
import { parseWant } from './want.ts';

describe('parseWant', () => {
  test('reads what to catch, and how rarely a healthy release may be aborted', () => {
    expect(parseWant('catch 2 % at 10 rps, abort healthy < 1 in 200')).toEqual({
      catches: [{ failureRatio: 0.02, requestsPerSecond: 10 }],
      healthy: { onceIn: 200, requestsPerSecond: [10] },
    });
  });

  test('reads several, ratios with and without a percent sign, and a rate of its own', () => {
    expect(parseWant('catch 0.5 at .1 rps and catch 7% at 100 rps, abort healthy < 1 in 50 at 1 rps')).toEqual({
      catches: [
        { failureRatio: 0.5, requestsPerSecond: 0.1 },
        { failureRatio: 0.07, requestsPerSecond: 100 },
      ],
      healthy: { onceIn: 50, requestsPerSecond: [1] },
    });
  });

  test('asks nothing of healthy releases where nothing is said of them', () => {
    expect(parseWant('catch 1% at 10 rps').healthy).toBeUndefined();
  });

  test.each([
    ['', "got ''"],
    ['catch 10', "got 'catch 10'"],
    ['catch 2 % at 10 rps, abort healthy < 1 in 200, abort healthy < 1 in 3', "got 'abort healthy < 1 in 3'"],
    ['catch 0 at 10 rps', 'greater than 0'],
    ['catch 101 % at 10 rps', 'less than or equal to 1'],
    ['catch 5 % at 0 rps', 'requests a second greater than 0'],
    ['abort healthy < 1 in 1', 'once in 2 to 10000'],
    ['abort healthy < 1 in 10001', 'once in 2 to 10000'],
  ])("refuses '%s'", (text, reason) => {
    expect(() => parseWant(text)).toThrow(reason);
  });
});
