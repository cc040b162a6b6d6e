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

  test.each(['1[0]', 'true.a', '1e', '1e999', '9223372036854775808', '0b2', '0x', '(1;)', 'if true {1}', '1 not > 2'])(
    'refuses %s',
    (text) => {
      expect(() => parseCondition(text)).toThrow(ConditionSyntaxError);
    },
  );

  test.each(['sum()', 'all(result)', 'all(result, # > 1, 2)', 'sortBy(result)', 'result | filter()'])(
    'refuses %s, without what is asked of each element',
    (text) => {
      expect(() => parseCondition(text)).toThrow('invalid number of arguments');
    },
  );

  test.each([
    ['# > 1', "unexpected '#'"],
    ['all(result, ## > 1)', "unexpected '##'"],
    ['all(result, # > 0; true)', "unexpected ';'"],
    ['a ?? b >= c', "'>=' and '??' must not be mixed without parentheses"],
    ['result.1', 'unexpected'],
    ['"a', 'literal not terminated'],
    ['1a', 'bad number syntax: "1a"'],
    ['a @ b', 'unrecognized character: "@"'],
  ])('refuses %s: %s', (text, message) => {
    expect(() => parseCondition(text)).toThrow(message);
  });

  test.each([
    ['1 + 1 not in [2]', 'not ((1 + 1) in [2])'],
    ['-1 not in [2]', 'not (-1 in [2])'],
    ['max(1, 2,)', 'max(1, 2)'],
    ['all(result, # > 1,)', 'all(result, {# > 1})'],
    ['result | all(# > 1)', 'all(result, # > 1)'],
    ['::len(result)', 'len(result)'],
    ['true;', 'true'],
    ['if a {1} else if b {2} else {3}', 'a ? 1 : (b ? 2 : 3)'],
    ['0X1F + 0b11 + 0O17 + 1_0', '31 + 3 + 15 + 10'],
    ['result.in', 'result["in"]'],
  ])('reads %s as %s', (text, same) => {
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
    expect(() => parseCondition(deep(202))).toThrow('more than 200 deep');
  });

  test('reads 10000 parts and refuses more', () => {
    expect(() => parseCondition(`[${'1,'.repeat(9_999)}]`)).not.toThrow();
    expect(() => parseCondition(`[${'1,'.repeat(10_000)}]`)).toThrow('exceeds maximum allowed nodes');
  });

  test('refuses a comment without an end', () => {
    expect(() => parseCondition('/* /* '.repeat(1000))).toThrow('unclosed comment');
  });
});

test.each([
  [String.raw`"\101\x41\u0041\U00000041\u{41}"`, 'AAAAA'],
  ["'\\'\\n'", "'\n"],
  ['`a``\\n`', 'a`\\n'],
  [String.raw`"\ud800"`, '\ufffd'],
])('reads the escapes of %s', (text, value) => {
  expect(parseCondition(text)).toEqual({ kind: 'literal', value });
});

test.each([String.raw`"\d"`, String.raw`"\x4"`, String.raw`"\400"`, String.raw`"\'"`, String.raw`"\u{}"`])(
  'refuses the escape %s',
  (text) => {
    expect(() => parseCondition(text)).toThrow('invalid char escape');
  },
);

test.each([String.raw`"\U00110000"`, String.raw`"\u{110000}"`])('refuses the character %s', (text) => {
  expect(() => parseCondition(text)).toThrow('unable to unescape string');
});
