import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyText, examples } from '../../api/testing/fuzz.ts';
import { ConditionError, ConditionSyntaxError, UnknownConditionError } from './errors.ts';
import { evaluateCondition } from './evaluate.ts';
import { parseCondition } from './parse.ts';
import { condition, expression } from './testing/arbitrary-condition.ts';
import { result } from './testing/arbitrary-result.ts';
import { soup } from './testing/arbitrary-tokens.ts';

/** The parsed condition; undefined where it is refused as it may be. */
function parsed(text: string) {
  try {
    return parseCondition(text);
  } catch (error) {
    if (error instanceof UnknownConditionError) {
      return undefined;
    }
    if (!(error instanceof ConditionSyntaxError)) {
      throw error;
    }
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(text.length);
    return undefined;
  }
}

describe('a condition', () => {
  test.each([
    ['any text', anyText({ maxLength: 50 }), 400],
    ['any row of tokens', soup, 800],
    ['any expression by the grammar', expression, 500],
    ['any condition by the grammar', condition, 800],
  ])('%s is read or refused, and answers true, false or its own error', (_, texts, count) => {
    fc.assert(
      fc.property(texts, result, (text, measured) => {
        if (parsed(text) === undefined) {
          return;
        }
        try {
          expect(typeof evaluateCondition(text, measured, 0)).toBe('boolean');
        } catch (error) {
          expect([ConditionError, UnknownConditionError]).toContain((error as Error).constructor);
        }
      }),
      examples(count),
    );
  });

  test('says the same with blanks and a comment around it', () => {
    fc.assert(
      fc.property(condition, (text) => {
        expect(parsed(text)).toEqual(parsed(` ${text}\t// why`));
      }),
      examples(150),
    );
  });
});
