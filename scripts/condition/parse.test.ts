import { describe, expect, test } from '@jest/globals';
import { ConditionSyntaxError } from './errors.ts';
import { parseCondition } from './parse.ts';

describe('parseCondition', () => {
  test.each(['{', '{a', '{a:', '{: 1}', '{+: 1}', '{[1]: 1}'])('refuses %s, a map without a key', (text) => {
    expect(() => parseCondition(text)).toThrow(ConditionSyntaxError);
  });

  test.each(['{}', '{a: 1}', '{"a": 1, 2: 3,}', '{(1 + 2): 3}'])('reads the map %s', (text) => {
    expect(parseCondition(text).kind).toBe('map');
  });

  test.each(['max(1, )', '"abc"[1:]', '1[0]', 'true.a', '0X1F', '1e', '1e999', '9223372036854775808'])(
    'refuses %s',
    (text) => {
      expect(() => parseCondition(text)).toThrow(ConditionSyntaxError);
    },
  );

  test.each([
    ['counts before any operator', '1 not > 2', 'not (1 > 2)'],
    ['is lost where the operator before it binds tighter', '1 + 1 not in [2]', '1 + 1 in [2]'],
    ['is lost after a sign', '-1 not in [2]', '-1 in [2]'],
    ['is lost before none', '[1 not][0] > 2', '[1][0] > 2'],
  ])('not %s', (_, text, same) => {
    expect(parseCondition(text)).toEqual(parseCondition(same));
  });

  test.each([
    ['brackets', (depth: number) => `${'('.repeat(depth - 1)}true${')'.repeat(depth - 1)}`],
    ['a row of operators', (depth: number) => Array(depth).fill('true').join(' and ')],
    ['signs', (depth: number) => `${'-'.repeat(depth - 1)}1`],
    ['indexes', (depth: number) => `result${'[0]'.repeat(depth - 1)}`],
    ['pipes', (depth: number) => `result${' | sort()'.repeat(depth - 1)}`],
    ['choices', (depth: number) => `${'(true ?: '.repeat(depth / 2 - 1)}true${')'.repeat(depth / 2 - 1)}`],
  ])('reads %s 200 deep and refuses more', (_, deep) => {
    expect(() => parseCondition(deep(200))).not.toThrow();
    expect(() => parseCondition(deep(202))).toThrow('nested too deeply');
  });

  test('reads 10000 characters and refuses more', () => {
    expect(() => parseCondition('true'.padEnd(10_000))).not.toThrow();
    expect(() => parseCondition('true'.padEnd(10_001))).toThrow('must be at most 10000 characters long, got 10001');
  });

  test('refuses a comment without an end', () => {
    expect(() => parseCondition('/* /* '.repeat(1000))).toThrow('unclosed comment');
  });
});

test.each([
  [String.raw`"\101\x41\u0041\U00000041"`, 'AAAA'],
  ["'\\'\\\"\\`\\?\\n'", '\'"`?\n'],
])('reads the escapes of %s', (text, value) => {
  expect(parseCondition(text)).toEqual({ kind: 'literal', value });
});

test.each([String.raw`"\d"`, String.raw`"\x4"`, String.raw`"\400"`, String.raw`"\U00110000"`])(
  'refuses the escape %s',
  (text) => {
    expect(() => parseCondition(text)).toThrow('unable to unescape string');
  },
);
