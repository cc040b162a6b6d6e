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
});
