import { expect, test } from '@jest/globals';
import { formatShare } from './odds-text.ts';

test.each([
  [undefined, '–'],
  [0, '0 %'],
  [0.00001, '0.001 %'],
  [0.975, '97.5 %'],
  [0.9995, '99.95 %'],
  [0.99999, '99.99 %'],
  [1, '100 %'],
])('a share of %p is %s: all and none are never rounded to', (share, text) => {
  expect(formatShare(share)).toBe(text);
});
