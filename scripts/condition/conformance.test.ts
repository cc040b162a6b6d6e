import { expect, test } from '@jest/globals';
import { ConditionSyntaxError } from './errors.ts';
import { measure, type Outcome, type Result } from './evaluate.ts';
import { parseCondition } from './parse.ts';
import vectors from './testdata/conditions.json' with { type: 'json' };

// Made by the real controller's evaluation (argo-rollouts v1.9.1, antonmedv/expr v1.15.5). The phase must match; wording need not.
const NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};
const number = (value: number | string) => (typeof value === 'string' ? (NUMBERS[value] ?? Number.NaN) : value);

function phaseOf(success: string | null, failure: string | null, result: Result): Outcome['phase'] {
  try {
    return measure(
      {
        ...(success === null ? {} : { successCondition: parseCondition(success) }),
        ...(failure === null ? {} : { failureCondition: parseCondition(failure) }),
      },
      result,
    ).phase;
  } catch (error) {
    if (error instanceof ConditionSyntaxError) {
      return 'Error';
    }
    throw error;
  }
}

test.each(vectors.cases)('$id: $success | $failure on $result is $phase', ({ success, failure, result, phase }) => {
  const value = Array.isArray(result) ? result.map(number) : number(result as number | string);
  expect(phaseOf(success, failure, value)).toBe(phase);
});
