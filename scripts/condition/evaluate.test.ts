import { describe, expect, test } from '@jest/globals';
import type { Expression } from './ast.ts';
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
    ['all(get(["a"], 0)..3, true)', 'invalid operation: int(string)'],
    ['isNaN(len(result))', 'interface {} is int, not float64'],
    ['max(1, 2.5) == 2', 'interface {} is float64, not int'],
    ['all(result, #index == 0)', 'unknown pointer #index'],
    ['all([nil], #)', 'interface conversion: <nil> is not bool'],
    ['map(result, nil) == []', 'closure cannot be nil'],
    ['get([1], 0) ? true : false', 'interface conversion: int is not bool'],
    ['"a" in [1, 2]', 'mismatched types string and []interface {}'],
    ['1 in {a: 1}', 'mismatched types int and map[string]interface {}'],
    ['{(result): 1} == nil', 'interface {} is []float64, not string'],
    ['groupBy(result, result) == nil', 'hash of unhashable type []float64'],
    ['get({a: 1}, 1) == nil', 'cannot use int to get an element from map[string]interface {}'],
    ['take(result, 1.5) == nil', 'invalid argument for take (type float64)'],
    ['sort(result, "up") == nil', 'expected "asc" or "desc"'],
    ['sort([1, 1.5]) == nil', 'cannot sort array of different types'],
    ['true || 1 % 0 == 1', 'integer divide by zero'],
    ['max(1, 2.5) in [1, 2]', 'value of type float64 is not assignable to type int'],
    ['get([1], 0) in ["a"]', 'value of type int is not assignable to type string'],
    ['int("9223372036854775808") == 0', 'no integer of 64 bits'],
    ['float("1e999") == 0', 'no float of 64 bits'],
    ['repeat("a", 10000000) == ""', 'memory budget exceeded'],
    ['{a: 1}?.b.c == nil', 'cannot fetch c from <nil>'],
    ['let len = 1; true', 'cannot redeclare len'],
    ['all(0..1000000, true)', 'memory budget exceeded'],
    ['"a" matches "("', "error parsing regexp: missing closing ): '('"],
  ])('%s is an error of the condition: %s', (text, message) => {
    expect(() => evaluate(text)).toThrow(ConditionError);
    expect(() => evaluate(text)).toThrow(message);
  });

  test.each([
    ['a range between numbers that are only known as it runs, cut off', 'len(get([1.5], 0)..get([3.5], 0)) == 3'],
    ['a range of big integers', 'last(9223372036854775806..9223372036854775807) == 9223372036854775807'],
    ['a range that ends before it begins', 'len(1..0) == 0'],
    ['a range whose size does not fit 64 bits as none', 'len(-9223372036854775807..9223372036854775807) == 0'],
    ['integers that are one number as floats', '9007199254740993 > 9007199254740992'],
    ['an integer written out where a float is due', 'not isNaN(1 + 2)'],
    ['elements of lists and maps by their types', '[1] != [1.0] and {a: 1} != {a: 1.0} and [1] == [1]'],
    ['a list as its elements are declared', 'result != filter(result, true) and 1..2 != [1, 2]'],
    [
      'the texts at either end',
      'hasPrefix("ab", "a") and hasSuffix("ab", "b") and trim("xax", "x") == "a" and trimPrefix(" a") == "a"',
    ],
    ['the place of a text in bytes', 'indexOf("éa", "a") == 2 and lastIndexOf("a", "b") == -1'],
    [
      'texts in pieces',
      'join(split("a,b", ","), "+") == "a+b" and replace("aba", "a", "c") == "cbc" and repeat("a", 3) == "aaa"',
    ],
    [
      'numbers in texts',
      'isNaN(float("NaN")) and isInf(asFloat("-inf")) and int("+9007199254740993") == 9007199254740993',
    ],
    [
      'small floats as Go prints them',
      'string(0.00001) == "1e-05" and string(0.0001) == "0.0001" and string(-0.0) == "-0"',
    ],
    ['powers of 1', '1 ** float("NaN") == 1 and (-1) ** float("Inf") == 1'],
    ['the first and last of no list as nil', 'first(get([1], 0)) == nil and last(get([{}], 0)) == nil'],
    [
      'an index that counts the element that reduce begins with',
      'reduce([5, 6], #index) == 1 and reduce([5, 6], #index, 0) == 1',
    ],
    ['nil as less and more than nothing', 'max(get({}, "a"), 1) == 1'],
    ['a chain that nil ends', '{a: 1}?.b?.c.d == nil and {a: {b: 2}}?.a.b == 2 and ({}?.a)?.b == nil'],
    ['nil as a list without elements', 'not (result[0] in get({}, "a"))'],
    ['a range between integers by its ends', '5 in 1..2000000 and 0 not in 1..2000000'],
    ['what the other side of an or settles', 'not false || result[9] > 1'],
    ['one side that is nil as the other', '(true ? nil : 1) == nil and (false ? nil : 1) == 1'],
    ['the groups of anything', 'groupBy(result, # > 1)[true] == [2.0]'],
  ])('takes %s', (_, text) => {
    expect(evaluate(text)).toBe(true);
  });
});

test('a list that holds NaN is equal to itself alone', () => {
  const [text, other] = ['result == result and result == result[:]', 'result == result[1:]'].map(parseCondition);
  expect(evaluateCondition(text as Expression, [Number.NaN, Number.NaN])).toBe(true);
  expect(evaluateCondition(other as Expression, [Number.NaN, Number.NaN])).toBe(false);
});

test.each([
  ['median(result) == 1.5', [2, Number.NaN, 1], false],
  ['median(result) == 1', [Number.NaN, 2, 1], true],
  ['sort(result)[0] == 2', [2, Number.NaN, 1], true],
])('%s with %j is %s', (text, result, answer) => {
  expect(evaluateCondition(parseCondition(text), result)).toBe(answer);
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
    ['a search in each step', 'all(1..30000, # in get([1..30000], 0))'],
    ['lists that hold themselves often', 'reduce(1..40, [#acc, #acc], [1]) == reduce(1..40, [#acc, #acc], [1])'],
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
