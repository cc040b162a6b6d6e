import { ConditionError } from './errors.ts';
import { parseFloatText, parseIntegerText } from './number-functions.ts';
import { define } from './signature.ts';
import { cutOff } from './values.ts';

/** The functions that Argo Rollouts adds (`utils/evaluate/evaluate.go`, v1.10.2). */
export const ARGO_FUNCTIONS = [
  define('isNaN(float) bool', ([value]) => Number.isNaN(value)),
  define('isInf(float) bool', ([value]) => Math.abs(value) === Number.POSITIVE_INFINITY),
  // Both look at the whole measurement instead of what they are given, and a measurement of Prometheus is never nil.
  define('isNil(any) bool', (_, { result }) => result === null),
  define('default(any, any) any', ([, fallback], { result }) => result ?? fallback),
  define('asInt(any) int64', ([value]) =>
    typeof value === 'string' ? parseIntegerText('asInt', value) : cutOff(numberOf('asInt', value)),
  ),
  define('asFloat(any) float', ([value]) =>
    typeof value === 'string' ? parseFloatText('asFloat', value) : Number(numberOf('asFloat', value)),
  ),
];

function numberOf(name: string, value: unknown): number | bigint {
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    throw new ConditionError(`${name}() not supported on ${value}`);
  }
  return value;
}
