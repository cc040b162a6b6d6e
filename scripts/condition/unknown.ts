import { some } from './ast.ts';
import { ConditionSyntaxError, UnknownConditionError } from './errors.ts';
import { evaluateCondition } from './evaluate.ts';
import { parseCondition } from './parse.ts';

/** Why it is not known here what the controller makes of a condition; undefined where it is. */
export function whatIsUnknown(text: string): string | undefined {
  for (const result of [[], [1], 1]) {
    try {
      evaluateCondition(text, result, 0);
    } catch (error) {
      if (error instanceof UnknownConditionError) {
        return error.message;
      }
    }
  }
  return undefined;
}

/** Whether a condition asks for the time; one that does not parse asks for nothing. */
export function asksForTime(text: string): boolean {
  try {
    return some(parseCondition(text), (part) => part.kind === 'call' && part.name === 'now');
  } catch (error) {
    if (error instanceof ConditionSyntaxError) {
      return false;
    }
    throw error;
  }
}
