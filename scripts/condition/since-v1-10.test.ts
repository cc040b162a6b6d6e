import { expect, test } from '@jest/globals';
import { newSinceV110 } from './since-v1-10.ts';

test.each([
  ['min(result) >= 0.95', 'min() of a list is an Error there'],
  ['mean(1, 2) > 1', 'mean() of several arguments is an Error there'],
  ['uniq(result) == nil', 'uniq() is an Error there'],
  ['sum(result, # * 2) > 1', 'sum() with a predicate is an Error there'],
  ['result?.[0] > 1', "'?.[' is an Error there"],
  ['if true {true} else {false}', "'if' is an Error there"],
  ['result[0] > 1; true', "';' without let is an Error there"],
  ['0 < result[0] < 1', 'a comparison of three is an Error there'],
  ['"a" == `a`', 'a text in backquotes is an Error there'],
  ['0b1 == 1', "'0b1' is an Error there"],
  ['result == [1]', "'==' of result and a list is false there, whatever they hold"],
])('%s: %s', (text, found) => {
  expect(newSinceV110(text, false)).toBe(found);
});

test.each([
  'result[0] >= 0.95',
  'max(1, 2) > 1',
  'sum(result) > 1',
  'count(result, # > 1) == 1',
  'let a = 1; a == 1',
  'result == result',
])('%s is the same in v1.9', (text) => {
  expect(newSinceV110(text, false)).toBeUndefined();
});
