import { describe, expect, test } from '@jest/globals';
import { compileGoRegexp } from './go-regexp.ts';

const VALUES = ['a', 'A', 'b', 'B', 'xb', 'xB', 'a-b', 'a.b', 'aXb', 'a{', '12', 'é', ' ', '\v', 'a\nb'];

describe('compileGoRegexp matches whole values as RE2 does', () => {
  test.each([
    ['a', ['a']],
    ['(?i)A|b', ['A', 'B', 'a', 'b']],
    ['x(?i)b|a', ['A', 'a', 'xB', 'xb']],
    ['(x(?i)b)|a', ['a', 'xB', 'xb']],
    ['(?i:x)b', ['xb']],
    ['a.b', ['a\nb', 'a-b', 'a.b', 'aXb']],
    ['(?-s)a.b', ['a-b', 'a.b', 'aXb']],
    ['a\\-b', ['a-b']],
    ['\\Qa.b\\E', ['a.b']],
    ['a{', ['a{']],
    ['[[:digit:]]+', ['12']],
    ['\\d{2}', ['12']],
    ['\\pL', ['A', 'B', 'a', 'b', 'é']],
    ['\\s', [' ']],
    ['[\\S]', ['\v', 'A', 'B', 'a', 'b', 'é']],
    ['(?P<n>a)', ['a']],
    ['\\Aa\\z', ['a']],
    ['\\x41|\\102', ['A', 'B']],
  ])('%s', (pattern, matched) => {
    const regexp = compileGoRegexp(pattern);
    expect(VALUES.filter((value) => regexp.test(value)).sort()).toEqual(matched);
  });

  test.each(['(?=a)', '(?!a)', '(?<=a)', '\\1', '(a', 'a)', '[a', '*a', 'a**', '\\e', 'a{1001}', '(?U)a', '[z-a]'])(
    'refuses %s',
    (pattern) => {
      expect(() => compileGoRegexp(pattern)).toThrow(SyntaxError);
    },
  );
});
