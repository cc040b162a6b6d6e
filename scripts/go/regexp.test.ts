import { describe, expect, test } from '@jest/globals';
import { cpuSeconds } from '../testing/cpu-seconds.ts';
import { compileGoRegexp, compileLabelRegexp } from './regexp.ts';

const VALUES = ['a', 'A', 'b', 'B', 'xb', 'xB', 'a-b', 'a.b', 'aXb', 'a{', '12', 'é', ' ', '\v', 'a\nb'];

describe('compileLabelRegexp matches whole values as RE2 does', () => {
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
    ['a|b', ['a', 'b']],
    ['^*a', ['a']],
    ['[[:^alpha:]]', ['\v', ' ', 'é']],
    ['(?U)a.+', ['a\nb', 'a-b', 'a.b', 'aXb', 'a{']],
  ])('%s', (pattern, matched) => {
    const regexp = compileLabelRegexp(pattern);
    expect(VALUES.filter((value) => regexp.test(value)).sort()).toEqual(matched);
  });

  test.each([
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '\\1',
    '(a',
    'a)',
    '[a',
    '*a',
    'a**',
    '\\e',
    'a{1001}',
    '[z-a]',
    '(a{1000}){1000}',
    'a)|(b',
  ])('refuses %s', (pattern) => {
    expect(() => compileLabelRegexp(pattern)).toThrow(SyntaxError);
  });
});

test('compileGoRegexp matches anywhere, and no line break with a dot', () => {
  const { test: matches } = compileGoRegexp('a.b');
  expect(['xa-bx', 'a\nb'].map(matches)).toEqual([true, false]);
});

test('answers in linear time where backtracking would take longer than the universe has', () => {
  const match = () => expect(compileLabelRegexp('(a+)+(a|aa)+b').test('a'.repeat(20_000))).toBe(false);
  expect(cpuSeconds(match)).toBeLessThan(10);
});

test('answers groups by number and name, empty where they took no part', () => {
  const groups = compileLabelRegexp('(?P<host>[a-z]+)(:(\\d+))?').groups('db');
  expect(['0', '1', 'host', '2', '3', '4', 'port', 'constructor'].map((name) => groups?.(name))).toEqual([
    'db',
    'db',
    'db',
    '',
    '',
    '',
    '',
    '',
  ]);
});
