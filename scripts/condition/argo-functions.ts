import {
  type ConditionFunction,
  isNumberType,
  type NamedFunction,
  parseFloatOf,
  parseIntegerOf,
} from './condition-function.ts';
import { ConditionError } from './errors.ts';
import { formatType, type Type, typeOf, type Value } from './types.ts';

/** The functions that Argo Rollouts adds (v1.9.1, `utils/evaluate/evaluate.go`). */
export const ARGO_FUNCTIONS: readonly NamedFunction[] = [
  helper('isNaN', 1, ofFloat('isNaN'), ([value]) => Number.isNaN(floatOf(value))),
  helper('isInf', 1, ofFloat('isInf'), ([value]) => Math.abs(floatOf(value)) === Number.POSITIVE_INFINITY),
  // Both look at the whole measurement instead of what they are given, and a measurement of Prometheus is never nil.
  helper(
    'isNil',
    1,
    () => 'bool',
    (_, result) => result === null,
  ),
  helper(
    'default',
    2,
    () => 'any',
    ([, fallback], result) => result ?? fallback ?? null,
  ),
  helper(
    'asInt',
    1,
    () => 'int',
    ([value]) => parseIntegerOf('asInt()', value),
  ),
  helper(
    'asFloat',
    1,
    () => 'float',
    ([value]) => parseFloatOf('asFloat()', value),
  ),
];

function helper(
  name: string,
  arity: number,
  type: (argument: Type | undefined) => Type,
  run: ConditionFunction['run'],
): NamedFunction {
  return [name, { arity: [arity, arity], type: ([argument]) => type(argument), run }];
}

function floatOf(value: Value | undefined): number {
  if (typeof value !== 'number') {
    throw new ConditionError(`interface conversion: interface {} is ${typeOf(value ?? null)}, not float64`);
  }
  return value;
}

/** `isNaN` and `isInf` take a number, not the list that a query answers. */
function ofFloat(name: string): (argument: Type | undefined) => Type {
  return (argument) => {
    if (!isNumberType(argument)) {
      throw new ConditionError(
        `cannot use ${formatType(argument ?? 'nil')} as argument (type float64) to call ${name}`,
      );
    }
    return 'bool';
  };
}
