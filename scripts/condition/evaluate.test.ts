import { describe, expect, test } from '@jest/globals';
import { cpuSeconds } from '../testing/cpu-seconds.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { evaluateCondition, measure } from './evaluate.ts';

const NOON = 1_709_208_000; // 2024-02-29T12:00:00Z
const evaluate = (text: string) => evaluateCondition(text, [1, 2], NOON);

describe('evaluateCondition', () => {
  test.each([
    ['constructor == nil', 'unknown name constructor'],
    ['toString() == nil', 'unknown name toString'],
    ['result(1)', 'result is not callable'],
    ['duration(1) == nil', 'invalid argument for duration (type int)'],
    ['lower(result) == nil', 'invalid argument for lower (type []float64)'],
    ['duration(first([1])) == nil', 'invalid argument for duration (type int)'],
    ['all(get(["a"], 0)..3, true)', 'mismatched types string and int'],
    ['isNaN(len(result))', 'invalid argument for isNaN (type int)'],
    ['max(1, 2.5) == 2', 'interface {} is float64, not int'],
    ['max(1, "a") == 1', 'invalid argument for max (type string)'],
    ['max() == nil', 'invalid number of arguments for max (got 0)'],
    ['trim("a", "b", "c") == ""', 'invalid number of arguments for trim (got 3)'],
    ['all(result, #index == 0)', 'unknown pointer #index'],
    ['all(result, #toString == 0)', 'unknown pointer #toString'],
    ['all([nil], #)', 'predicate should has one input and one output param'],
    ['all(result, first([#]))', 'interface {} is float64, not bool'],
    ['count(result) == 2', 'interface {} is float64, not bool'],
    ['filter(result, #)[0] == 1', 'predicate should return boolean (got float64)'],
    ['reduce([], #acc) == nil', 'slice index out of range'],
    ['first([1]) ? true : false', 'interface {} is int, not bool'],
    ['1 ? true : false', 'non-bool expression (type int) used as condition'],
    ['"a" in [1, 2]', 'cannot use string as type int in array'],
    ['1 in {a: 1}', 'cannot use int as type string in map key'],
    ['{(result): 1} == nil', 'interface {} is []float64, not string'],
    ['groupBy(result, [#]) == nil', 'hash of unhashable type []interface {}'],
    ['get({a: 1}, 1) == nil', 'cannot use int to get an element from map[string]interface {}'],
    ['"abc"[0] == 97', 'type string[int] is undefined'],
    ['result.a == 1', 'can only be selected using an integer (got string)'],
    ['result?.[5] == nil', 'index out of range: 5 (array length is 2)'],
    ['take(result, 1.5) == nil', 'invalid argument for take (type float64)'],
    ['sort(result, "up") == nil', 'expected asc or desc'],
    ['sort([1, "a"]) == nil', 'invalid operation: string < int'],
    ['fromPairs([[1]]) == nil', 'invalid pair'],
    ['bitshl(1, -1) == 1', 'negative shift count -1'],
    ['true || 1 % 0 == 1', 'integer divide by zero'],
    ['len(map(filter(result, true), 1 % 0)) == 2', 'integer divide by zero'],
    ['max(1, 2.5) in [1, 2]', 'value of type float64 is not assignable to type int'],
    ['first([1]) in ["a"]', 'value of type int is not assignable to type string'],
    ['int("9223372036854775808") == 0', 'no integer of 64 bits'],
    ['float("1e999") == 0', 'no float of 64 bits'],
    ['fromJSON("{") == nil', 'invalid JSON'],
    ['fromBase64("a") == ""', 'illegal base64 data'],
    ['repeat("a", 10000000) == ""', 'memory budget exceeded'],
    ['all(0..999999, true)', 'memory budget exceeded'],
    ['{a: 1}?.b.c == nil', 'cannot fetch c from <nil>'],
    ['let len = 1; true', 'cannot redeclare len'],
    ['let a = 1; let a = 2; true', 'cannot redeclare a'],
    ['"a" matches "("', "error parsing regexp: missing closing ): '('"],
    ['date("2024-02-29").Weekday() == 3', 'mismatched types time.Weekday and int'],
    ['duration("1h") / 2 == duration("30m")', 'mismatched types time.Duration and int'],
    ['date("2024-02-29").Foo()', 'type time.Time has no method Foo'],
    ['date("2024-02-30") == nil', 'invalid date 2024-02-30'],
    ['date("2 Jan 24", "02 Jan 06") == nil', "it must be written as '02 Jan 06'"],
    ['timezone("Nowhere") != nil', 'unknown time zone Nowhere'],
    ['now() + now() == nil', 'mismatched types time.Time and time.Time'],
    [
      'date("2024-02-29").AddDate(0, 0, duration("1s").Milliseconds()) == nil',
      'invalid argument for AddDate (type int64)',
    ],
    ['1', 'expected bool, but got int'],
  ])('%s is an error of the condition: %s', (text, message) => {
    expect(() => evaluate(text)).toThrow(ConditionError);
    expect(() => evaluate(text)).toThrow(message);
  });

  test.each([
    ['a range between numbers that are only known as it runs, cut off', 'len(first([1.5])..first([3.5])) == 3'],
    ['a range of big integers', 'last(9223372036854775806..9223372036854775807) == 9223372036854775807'],
    ['a range that ends before it begins', 'len(1..0) == 0'],
    ['a range whose size does not fit 64 bits as none', 'len(-9223372036854775807..9223372036854775807) == 0'],
    ['a range as large as the budget', 'len(1..999999) == 999999'],
    ['integers that are one number as floats', '9007199254740993 > 9007199254740992'],
    ['an integer written out where a float is due', 'not isNaN(1 + 2)'],
    ['lists of the same numbers as equal', '[1] == [1.0] and 1..2 == [1, 2] and result == filter(result, true)'],
    ['a comparison of three', '1 < 2 < 3 and not (1 < 2 < 2) and 3 > 2 >= 2'],
    ['not before in, however tight what is before', '1 + 1 not in [1, 3]'],
    [
      'the texts at either end',
      'hasPrefix("ab", "a") and hasSuffix("ab", "b") and trim("xax", "x") == "a" and trimPrefix(" a") == "a"',
    ],
    ['the place of a text in bytes, its length in characters', 'indexOf("éa", "a") == 2 and len("éa") == 2'],
    [
      'texts in pieces',
      'join(split("a,b", ","), "+") == "a+b" and split("a,b,c", ",", 2) == ["a", "b,c"] and splitAfter("a,b", ",") == ["a,", "b"]',
    ],
    [
      'texts replaced and repeated',
      'replace("aba", "a", "c") == "cbc" and replace("aba", "a", "c", 1) == "cba" and repeat("a", 3) == "aaa"',
    ],
    ['a piece of a text', '"abc"[1:] == "bc" and "éa"[2:] == "a"'],
    [
      'numbers in texts',
      'isNaN(float("NaN")) and isInf(asFloat("-inf")) and int("+9007199254740993") == 9007199254740993',
    ],
    [
      'small floats as Go prints them',
      'string(0.00001) == "1e-05" and string(0.0001) == "0.0001" and string(-0.0) == "-0"',
    ],
    ['lists and nil as Go prints them', 'string([1, nil, [true, "a"]]) == "[1 <nil> [true a]]"'],
    ['powers of 1', '1 ** float("NaN") == 1 and (-1) ** float("Inf") == 1'],
    [
      'numbers, and lists of numbers, in one',
      'max(result, 3) == 3 and min([[2], 1], 3) == 1 and mean(1, [2, 3]) == 2 and median(1, 2) == 1.5',
    ],
    [
      'the sum of none as 0, the greatest as nil',
      'sum([]) == 0 and mean([]) == 0 and median([]) == 0 and max([]) == nil',
    ],
    [
      'a sum of what each is worth',
      'sum(result, # * 2) == 6 and sum(map(result, #index)) == 1 and sum(["a", string(1)]) == "a1"',
    ],
    ['what is true of a list', 'count([true, false]) == 1 and count(result, # > 1) == 1'],
    ['lists in order', 'sortBy(result, -#) == [2, 1] and sort(result, "desc") == [2, 1] and reverse(result) == [2, 1]'],
    [
      'lists put together',
      'uniq([1, 1.0, 2]) == [1, 2] and concat(result, [3]) == [1, 2, 3] and flatten([[1], [2, [3]]]) == [1, 2, 3]',
    ],
    ['the concatenation of none as nil', 'concat([], []) == nil and (concat([]) ?? 1) == 1 and len(concat([])) == 0'],
    [
      'integers by their bits',
      'bitand(5, 4) == 4 and bitnand(5, 4) == 1 and bitushr(-1, 63) == 1 and bitshr(-8, 1) == -4 and bitnot(0) == -1',
    ],
    [
      'an index that counts the element that reduce begins with',
      'reduce([5, 6], #index) == 1 and reduce([5, 6], #index, 0) == 1',
    ],
    ['what reduce begins with inside already', 'map([[1, 2]], reduce(#, #acc + #, #))[0] == 4'],
    ['nil as the first and last of what is no list', 'first(get({}, "a")) == nil and last(get({a: 1}, "a")) == nil'],
    [
      'a chain that nil ends',
      '{a: 1}?.b?.c.d == nil and {a: {b: 2}}?.a.b == 2 and ({}?.a)?.b == nil and get({}, "a")?.[5] == nil',
    ],
    ['nil as what is sorted of no list', 'sort(get({a: {b: 1}}, "a")) == nil'],
    ['nil as a list without elements', 'not (result[0] in get({}, "a"))'],
    ['a range between integers by its ends', '5 in 1..2000000 and 0 not in 1..2000000'],
    ['what the other side of an or settles', 'not false || result[9] > 1'],
    ['no error behind a guard', '!(len(result) > 5 and all(result, # > 0) and all(result, result[5] > 0))'],
    ['one side that is nil as the other', '(true ? nil : 1) == nil and (false ? nil : 1) == 1'],
    ['choices with braces', 'if result[0] > 1 { false } else if result[0] > 0 { 1; true } else { false }'],
    ['one expression after another', 'let a = 1; let b = a + 1; b; b == 2'],
    ['the groups of anything', 'groupBy(result, # > 1)[true] == [2.0] and groupBy(result, #)[9] == nil'],
    [
      'maps as pairs and back',
      'toPairs({a: 1})[0][1] == 1 and fromPairs([["a", 1]]).a == 1 and keys({a: 1}) == ["a"] and values({a: 1}) == [1]',
    ],
    [
      'what JSON holds',
      `let a = fromJSON('{"a": [1, null], "b": {}}'); a.a == [1.0, nil] and len(a.b) == 0 and fromBase64(toBase64("é")) == "é"`,
    ],
    ['the result among all that is there', '$env.result == result and $env["result"][0] == 1'],
  ])('takes %s', (_, text) => {
    expect(evaluate(text)).toBe(true);
  });

  test.each([
    ['now() == date("2024-02-29T12:00:00Z") and now().Hour() == 12'],
    ['now() - duration("1h") < now() and now() - date("2024-02-29") == duration("12h")'],
    [
      'date("2024-02-29") + duration("24h") == date("2024-03-01") and date("2024-02-29").Add(duration("1h")).Hour() == 1',
    ],
    ['date("2024-01-31").AddDate(0, 1, 0) == date("2024-03-02")'],
    ['date("2024-02-29").Weekday().String() == "Thursday" and int(date("2024-02-29").Month()) == 2'],
    [
      'duration("1h") * 2 == duration("2h") and 2 * duration("1h") > duration("90m") and duration("1h30m").Hours() == 1.5',
    ],
    [
      'string(duration("90m")) == "1h30m0s" and duration("1500ms").String() == "1.5s" and string(duration("1us")) == "1µs"',
    ],
    [
      'duration("90m").Round(duration("1h")) == duration("2h") and duration("-1.5s").Truncate(duration("1s")).Seconds() == -1',
    ],
    [
      'date("2024-07-01T12:00:00Z").In(timezone("Europe/Zurich")).Hour() == 14 and now(timezone("Asia/Tokyo")).Hour() == 21',
    ],
    ['date("01/07/2024 3PM", "02/01/2006 3PM", "Europe/Zurich").UTC().Hour() == 13'],
    ['date("Mon, 02 Jan 2006 15:04:05 MST").Format("Jan _2 06 3:04pm .000 Z07:00") == "Jan  2 06 3:04pm .000 Z"'],
    ['string(date("2024-02-29T01:02:03.5+02:00")) == "2024-02-29 01:02:03.5 +0200 +0200"'],
    [
      'date("02 Jan 24 15:04 UTC", "02 Jan 06 15:04 MST", "Europe/Zurich").Hour() == 15 and date("02 Jan 24 15:04 CET").Hour() == 15',
    ],
    [
      'date("2024-07-01T12:00:00+02:00", "2006-01-02T15:04:05Z07:00", "Europe/Zurich").AddDate(0, 6, 0).UTC().Hour() == 11',
    ],
    ['type(now()) == "time.Time" and type(duration("1s")) == "time.Duration"'],
    ['get([date("2024-02-29")], 0).Year() == 2024 and date("15:04:05").Year() == 0'],
  ])('reckons with time: %s', (text) => {
    expect(evaluate(text)).toBe(true);
  });

  test.each([
    [
      '1 == findLast(result, true)',
      'what findLast() and findLastIndex() leave behind another operand is not known here',
    ],
    ['result[0] == filter(result, true)[-1]', 'leave behind another operand'],
    ['[map(result, last(filter(result, true)))] == nil', 'leave behind another operand'],
    ['filter([1, 0], 2 % # == 0)[0] == 1', "whether expr's optimizer skips the error 'integer divide by zero'"],
    ['first(filter([1, 0], 2 % # == 0)) == 1', 'skips the error'],
    ['len(map(filter([1, 0], true), 2 % #)) == 2', 'skips the error'],
    ['all(result, # > 1) and all(result, 1 % int(# - 1) == 0)', 'skips the error'],
    ['all(result, 1 % int(# - 2) == 0) and all(result, # > 1)', 'skips the error'],
    ['toJSON(result) == ""', 'toJSON()'],
    ['{a: 1} == {a: 1}', 'whether two maps are equal'],
    ['toPairs({a: 1}) == [["a", 1]]', 'whether two lists of pairs are equal'],
    ['string({a: 1}) == ""', 'a map as a text'],
    ['groupBy(toPairs({a: 1}), #) == nil', 'a pair as a key'],
    ['fromBase64("/w==") == ""', 'a text that is no UTF-8'],
    ['let f = isNaN; f(1.0)', "'isNaN' as a value"],
    ['len($env) == 7', "'$env' as a value"],
    ['date("2024-02-29").Date()', 'the method Date of a time'],
    ['date("2024-02-29").Add(get({}, "a")) == nil', 'nil as an argument of a method'],
    [
      'date("02 Jan 24 15:04 CET", "02 Jan 06 15:04 MST", "Europe/Zurich").Hour() == 15',
      "the abbreviation 'CET' of a zone",
    ],
    ['date(timezone("Europe/Zurich"), "02 Jan 24 15:04 CET") == nil', "the abbreviation 'CET' of a zone"],
    ['string(date("02 Jan 24 15:04 CET")) == ""', 'the abbreviation of +00:00'],
    ['date("2024-02-29").IsDST()', 'the method IsDST of a time'],
    ['"é"[1:] == ""', 'half a character'],
    ['float("0x1p-2") == 0.25', "the float '0x1p-2' of float()"],
    ['date("2024-02-29").AddDate(300000, 0, 0) == nil', 'a time some 270000 years away'],
  ])('refuses %s: %s', (text, message) => {
    expect(() => evaluate(text)).toThrow(UnknownConditionError);
    expect(() => evaluate(text)).toThrow(message);
  });

  test.each([
    'findLast(result, true) == 2',
    'true and findLastIndex(result, true) == 1',
    'filter(result, true)[-1] == 2',
  ])('takes a search from the end that stands first: %s', (text) => {
    expect(evaluate(text)).toBe(true);
  });
});

describe('measure', () => {
  test.each([
    [{ successCondition: 'result[0] > 1' }, [1], { phase: 'Failed' }],
    [{ failureCondition: 'result[0] > 1' }, [1], { phase: 'Successful' }],
    [{ successCondition: 'result[0] > 1', failureCondition: 'result[0] < 1' }, [1], { phase: 'Inconclusive' }],
    [{ successCondition: 'true', failureCondition: 'true' }, [1], { phase: 'Failed' }],
    [{ successCondition: '', failureCondition: '' }, [1], { phase: 'Successful' }],
  ])('%j with %j is %j', (conditions, result, outcome) => {
    expect(measure(conditions, result, 0)).toEqual(outcome);
  });

  test.each([
    [
      { successCondition: 'true', failureCondition: 'result > 1' },
      [1],
      'could not evaluate failureCondition "result > 1": invalid operation: > (mismatched types []float64 and int)',
    ],
    [
      { successCondition: 'result[0' },
      [1],
      `could not evaluate successCondition "result[0": unexpected end of the expression`,
    ],
    [
      { successCondition: 'result[0] > 1' },
      [],
      'could not evaluate successCondition "result[0] > 1": metric result is nil or empty: no data returned from the metric provider',
    ],
  ])('reports the Error of %j with %j as the controller does', (conditions, result, message) => {
    expect(measure(conditions, result, 0)).toMatchObject({ phase: 'Error', message });
  });
});

test.each([
  ['result == result', [Number.NaN], false],
  ['len(groupBy(result, #)) == 2', [Number.NaN, Number.NaN], true],
  ['median(result) == 1.5', [2, Number.NaN, 1], false],
  ['median(result) == 1', [Number.NaN, 2, 1], true],
  ['sort(result)[0] == 2', [2, Number.NaN, 1], true],
])('%s with %j is %s', (text, result, answer) => {
  expect(evaluateCondition(text, result, 0)).toBe(answer);
});

/** Names that stand for twice as much each: `v1 = [v0, v0]`, `v2 = [v1, v1]` … */
function doubled(first: string, step: (name: string) => string, end: (name: string) => string): string {
  const steps = Array.from({ length: 40 }, (_, index) => `let v${index + 1} = ${step(`v${index}`)}; `);
  return `let v0 = ${first}; ${steps.join('')}${end('v40')}`;
}

test.each([
  ['test of `?:`', `${'('.repeat(90)}true${' ?: false)'.repeat(90)}`],
  ['middle of a comparison of three', `${'(0 < '.repeat(40)}1${' < 2 ? 1 : 0)'.repeat(40)} == 1`],
])('a deep nest of what stands twice, the %s, ends', (_, text) => {
  const endsSoon = () => {
    try {
      evaluate(text);
    } catch (error) {
      expect(error).toBeInstanceOf(UnknownConditionError);
    }
  };
  expect(cpuSeconds(endsSoon)).toBeLessThan(10);
});

describe('a condition that would go on for ever', () => {
  const shared = (name: string) => `[${name}, ${name}]`;
  test.each([
    ['predicates in predicates', 'all(1..300000, all(1..800000, true))', ConditionError],
    [
      'predicates in predicates over a list that is made once',
      'let a = 1..9000; all(a, all(a, true))',
      UnknownConditionError,
    ],
    ['a search in each step', 'let a = 1..30000; all(a, # in a)', UnknownConditionError],
    [
      'lists that hold themselves often',
      'reduce(1..40, [#acc, #acc], [1]) == reduce(1..40, [#acc, #acc], [1])',
      UnknownConditionError,
    ],
    ['such a list as a text', doubled('[1]', shared, (name) => `string(${name}) == ""`), UnknownConditionError],
    ['such a list flattened', doubled('[1]', shared, (name) => `flatten(${name}) == []`), UnknownConditionError],
    ['the greatest in such a list', doubled('[1]', shared, (name) => `max(${name}) == 1`), UnknownConditionError],
    ['the mean of such a list', doubled('[1]', shared, (name) => `mean(${name}) == 1`), UnknownConditionError],
    [
      'a text that grows',
      doubled(
        '"x"',
        (name) => `${name} + ${name}`,
        (name) => `${name} == ""`,
      ),
      UnknownConditionError,
    ],
  ])('ends: %s', (_, text, refusal) => {
    expect(cpuSeconds(() => expect(() => evaluate(text)).toThrow(refusal))).toBeLessThan(20);
  });
});
