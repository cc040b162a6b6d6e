import {
  isNumberType,
  isUndecided,
  type NamedFunction,
  numberOf,
  parseFloatOf,
  parseIntegerOf,
  refuse,
} from './condition-function.ts';
import { applyBinary } from './operators.ts';
import { isNumeric, type Type, type Value } from './types.ts';

/** The language's functions of numbers. */
export const NUMBER_FUNCTIONS: readonly NamedFunction[] = [
  conversion('int', 'int', (value) => parseIntegerOf('int()', value)),
  conversion('float', 'float', (value) => parseFloatOf('float()', value)),
  ofNumber('abs', undefined, Math.abs),
  ofNumber('ceil', 'float', Math.ceil),
  ofNumber('floor', 'float', Math.floor),
  ofNumber('round', 'float', round),
  extreme('max', '<'),
  extreme('min', '>'),
];

/** A function of one number whose answer has the type `answer`, or the number's own. */
function ofNumber(name: string, answer: Type | undefined, run: (value: number) => number): NamedFunction {
  return [
    name,
    {
      arity: [1, 1],
      type: ([type]) => (isNumberType(type) ? (answer ?? type) : refuse(name, type)),
      run: ([value]) => {
        const one = numberOf(name, value);
        return typeof one === 'bigint' && answer === undefined
          ? BigInt.asIntN(64, one < 0n ? -one : one)
          : run(Number(one));
      },
    },
  ];
}

function conversion(name: string, answer: Type, run: (value: Value | undefined) => Value): NamedFunction {
  return [
    name,
    {
      arity: [1, 1],
      type: ([type]) => (isNumberType(type) || type === 'string' ? answer : refuse(name, type)),
      run: ([value]) => run(value),
    },
  ];
}

/** Go's rounding: halves away from zero. */
function round(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}

function extreme(name: string, op: string): NamedFunction {
  return [
    name,
    {
      arity: [1, 100],
      type: (args) =>
        args.some(isUndecided)
          ? 'any'
          : ((args.find((type) => !isNumeric(type)) === undefined ? args[0] : undefined) ??
            refuse(
              name,
              args.find((type) => !isNumeric(type)),
            )),
      run: (args) =>
        args.reduce((best, value) => (best === null || applyBinary(op, best, value) === true ? value : best)),
    },
  ];
}
