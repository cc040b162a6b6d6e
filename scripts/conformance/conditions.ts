import { ConditionSyntaxError } from '../condition/errors.ts';
import { measure, type Outcome, type Result } from '../condition/evaluate.ts';
import { parseCondition } from '../condition/parse.ts';
import { compare, type Difference, type JsonNumber, numberOf } from './check.ts';

interface ConditionCase {
  readonly success: string | null;
  readonly failure: string | null;
  readonly result: JsonNumber | readonly JsonNumber[];
  readonly phase: string;
}

/** Phases must match; the wording of an Error need not. */
export function checkCondition({ success, failure, result, phase }: ConditionCase): Difference | undefined {
  const value = Array.isArray(result) ? result.map(numberOf) : numberOf(result as JsonNumber);
  return compare(phase, phaseOf(success, failure, value));
}

function phaseOf(success: string | null, failure: string | null, result: Result): Outcome['phase'] {
  try {
    const successCondition = success === null ? {} : { successCondition: parseCondition(success) };
    const failureCondition = failure === null ? {} : { failureCondition: parseCondition(failure) };
    return measure({ ...successCondition, ...failureCondition }, result).phase;
  } catch (error) {
    if (error instanceof ConditionSyntaxError) {
      return 'Error';
    }
    throw error;
  }
}
