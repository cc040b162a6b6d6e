import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { examples } from '../../api/testing/fuzz.ts';
import { parseAnalysisDuration, parseGoDuration, pauseSeconds } from './duration.ts';

const SECOND = 1_000_000_000n;
const NANOSECONDS = { ns: 1n, us: 1_000n, µs: 1_000n, ms: 1_000_000n, s: SECOND, m: 60n * SECOND, h: 3600n * SECOND };
const unit = fc.constantFrom(...(Object.keys(NANOSECONDS) as (keyof typeof NANOSECONDS)[]));
const anything = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(...'0123456789.+-nusmh µ') }),
  fc.constantFrom('constructor', '__proto__', 'toString', '').map((word) => `1${word}`),
);

describe('a duration', () => {
  test('of any text is a number of seconds, or refused', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(Number.isSafeInteger(pauseSeconds(text)) || text.length > 9).toBe(true);
        for (const parse of [parseGoDuration, parseAnalysisDuration]) {
          try {
            expect(Number.isFinite(parse(text))).toBe(true);
          } catch (error) {
            if (!(error instanceof RangeError)) {
              throw error;
            }
          }
        }
      }),
      examples(200),
    );
  });

  test('is the sum of its parts', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 1000 }), unit), { minLength: 1, maxLength: 5 }), (parts) => {
        const sum = parts.reduce((all, [count, of]) => all + BigInt(count) * NANOSECONDS[of], 0n);
        const seconds = Number(sum / SECOND) + Number(sum % SECOND) / 1e9;
        const text = parts.map((part) => part.join('')).join('');
        expect(parseGoDuration(text)).toBe(seconds);
        expect(parseGoDuration(`-${text}`)).toBeCloseTo(-seconds, 12);
        expect(pauseSeconds(text)).toBe(Math.trunc(parseGoDuration(text)));
      }),
      examples(100),
    );
  });
});

test.each([
  ['-2147483648', -2147483648],
  ['2147483648', -1],
  ['-0.5s', 0],
  ['2147483647s', 2147483647],
  ['2147483648s', -2147483648],
])('pauseSeconds of %s is %d', (text, seconds) => {
  expect(pauseSeconds(text)).toBe(seconds);
});
