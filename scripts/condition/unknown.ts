import { UnknownConditionError } from './errors.ts';
import { evaluateCondition } from './evaluate.ts';

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
