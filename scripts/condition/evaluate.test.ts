import { describe, expect, test } from '@jest/globals';
import { ConditionError } from './errors.ts';
import { evaluateCondition } from './evaluate.ts';
import { parseCondition } from './parse.ts';

const evaluate = (text: string) => evaluateCondition(parseCondition(text), [1, 2]);

describe('evaluateCondition', () => {
  test.each([
    ['constructor == nil', 'unknown name constructor'],
    ['toString() == nil', 'unknown name toString'],
    ['duration(1) == nil', 'invalid argument for duration (type int)'],
    ['lower(result) == nil', 'invalid argument for lower (type []float64)'],
    ['duration(get([1], 0)) == nil', 'invalid argument for duration (type int)'],
    ['all(get(["a"], 0)..3, true)', 'invalid operation: .. of string'],
    ['all(0..1000000, true)', 'memory budget exceeded'],
    ['all(-9223372036854775807..9223372036854775807, true)', 'memory budget exceeded'],
    ['"a" matches "("', "error parsing regexp: missing closing ): '('"],
  ])('%s is an error of the condition: %s', (text, message) => {
    expect(() => evaluate(text)).toThrow(ConditionError);
    expect(() => evaluate(text)).toThrow(message);
  });

  test.each([
    ['a range between numbers that are only known as it runs, cut off', 'len(get([1.5], 0)..get([3.5], 0)) == 3'],
    ['a range of big integers', 'last(9223372036854775806..9223372036854775807) == 9223372036854775807'],
    ['a range that ends before it begins', 'len(1..0) == 0'],
  ])('takes %s', (_, text) => {
    expect(evaluate(text)).toBe(true);
  });
});

/** Names that stand for twice as much each: `v1 = [v0, v0]`, `v2 = [v1, v1]` … */
function doubled(first: string, step: (name: string) => string, end: (name: string) => string): string {
  const steps = Array.from({ length: 40 }, (_, index) => `let v${index + 1} = ${step(`v${index}`)}; `);
  return `let v0 = ${first}; ${steps.join('')}${end('v40')}`;
}

test('asks the test of each `?:` once', () => {
  const began = performance.now();
  expect(evaluate(`${'('.repeat(90)}true${' ?: false)'.repeat(90)}`)).toBe(true);
  expect(performance.now() - began).toBeLessThan(1000);
});

describe('a condition that would go on for ever', () => {
  test.each([
    ['closures in closures', 'all(1..1000000, all(1..1000000, true))'],
    ['closures in closures over short lists', 'all(1..1000, all(1..1000, all(1..1000, true)))'],
    ['a search in each step', 'all(1..30000, # in 1..30000)'],
    [
      'a list that holds itself often',
      doubled(
        '[1]',
        (name) => `[${name}, ${name}]`,
        (name) => `${name} == ${name}`,
      ),
    ],
    [
      'such a list as a text',
      doubled(
        '[1]',
        (name) => `[${name}, ${name}]`,
        (name) => `string(${name}) == ""`,
      ),
    ],
    [
      'a text that grows',
      doubled(
        '"x"',
        (name) => `${name} + ${name}`,
        (name) => `${name} == ""`,
      ),
    ],
  ])('ends: %s', (_, text) => {
    const began = performance.now();
    expect(() => evaluate(text)).toThrow('memory budget exceeded');
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
