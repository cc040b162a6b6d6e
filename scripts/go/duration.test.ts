import { describe, expect, test } from '@jest/globals';
import { parseNanoseconds, toSeconds } from './duration.ts';

describe('parseNanoseconds', () => {
  test.each([
    ['0', 0n],
    ['-0', 0n],
    ['1h2m3.5s', 3_723_500_000_000n],
    ['1µs1μs1us', 3000n],
    ['.5m', 30_000_000_000n],
    ['1.s', 1_000_000_000n],
    ['0.9ns', 0n],
    ['-2012.115ns', -2012n],
    ['0.9999999999999999999999s', 1_000_000_000n],
    ['9223372036854775807ns', 2n ** 63n - 1n],
    ['-9223372036854775808ns', -(2n ** 63n)],
  ])('%s is %d', (text, nanoseconds) => {
    expect(parseNanoseconds(text)).toBe(nanoseconds);
  });

  test.each([
    ['', 'invalid duration ""'],
    ['.s', 'invalid duration ".s"'],
    ['10', 'missing unit in duration "10"'],
    ['18446744073709551616', 'invalid duration "18446744073709551616"'],
    ['1d', 'unknown unit "d" in duration "1d"'],
    ['1é', 'unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'],
    ['9223372036854775808ns', 'invalid duration "9223372036854775808ns"'],
    ['-9223372036854775809ns', 'invalid duration "-9223372036854775809ns"'],
  ])('refuses %j', (text, message) => {
    expect(() => parseNanoseconds(text)).toThrow(new RangeError(message));
  });
});

test('toSeconds rounds whole seconds and the rest apart', () => {
  expect([1_500_000_000n, -1n, 1_645_058n].map(toSeconds)).toEqual([1.5, -1e-9, 0.001645058]);
});
