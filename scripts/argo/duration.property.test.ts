import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { examples } from '../../api/testing/fuzz.ts';
import { parseAnalysisDuration, parseGoDuration, pauseSeconds } from './duration.ts';

const SECONDS = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
const unit = fc.constantFrom(...(Object.keys(SECONDS) as (keyof typeof SECONDS)[]));
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
            if (!(error instanceof RangeError)) throw error;
          }
        }
      }),
      examples(200),
    );
  });

  test('is the sum of its parts', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 1000 }), unit), { minLength: 1, maxLength: 5 }), (parts) => {
        const seconds = parts.reduce((sum, [count, of]) => sum + count * SECONDS[of], 0);
        const text = parts.map((part) => part.join('')).join('');
        expect(parseGoDuration(text)).toBeCloseTo(seconds, 9);
        expect(parseGoDuration(`-${text}`)).toBeCloseTo(-seconds, 9);
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
