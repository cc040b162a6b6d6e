import { measure } from '../condition/evaluate.ts';
import { compare, type Difference, type JsonNumber, numberOf } from './check.ts';

interface ConditionCase {
  readonly success: string | null;
  readonly failure: string | null;
  readonly result: JsonNumber | readonly JsonNumber[];
  readonly phase: string;
}

/** When the cases were recorded, which `now()` returns: seconds since 1970. */
const RECORDED = Date.UTC(2026, 10, 28) / 1000;

/** Compares the phase; the message of an Error may differ. */
export function checkCondition({ success, failure, result, phase }: ConditionCase): Difference | undefined {
  const value = Array.isArray(result) ? result.map(numberOf) : numberOf(result as JsonNumber);
  const conditions = {
    ...(success !== null && { successCondition: success }),
    ...(failure !== null && { failureCondition: failure }),
  };
  return compare(phase, measure(conditions, value, RECORDED).phase);
}
