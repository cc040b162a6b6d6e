import { compareFloats, parseFloat64 } from '../go/float.ts';
import { spend } from './budget.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { applyBinary } from './operators.ts';
import { type Definition, define } from './signature.ts';
import { cutOff, isKind, isNamedValue, isNumber, typeName, type Value } from './values.ts';

/** A number or a text as an integer. Throws `ConditionError` for another value and a text that is no integer of 64 bits. */
function toInteger(name: string, value: Value): bigint {
  if (isNumber(value)) {
    return cutOff(value);
  }
  const text = textOf(name, value);
  const integer = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  if (integer === undefined || BigInt.asIntN(64, integer) !== integer) {
    throw new ConditionError(`invalid operation: ${name}(${text}): no integer of 64 bits`);
  }
  return integer;
}

/**
 * A number or a text as a float. Throws `ConditionError` for another value and a text that is no float of 64 bits, and
 * `UnknownConditionError` for `0x` and `_`.
 */
function toFloat(name: string, value: Value): number {
  if (isNumber(value)) {
    return Number(value);
  }
  const text = textOf(name, value);
  if (/^[+-]?0x|_/i.test(text)) {
    throw new UnknownConditionError(`the float '${text}' of ${name}()`);
  }
  const float = parseFloat64(text);
  if (float === undefined) {
    throw new ConditionError(`invalid operation: ${name}(${text}): no float of 64 bits`);
  }
  return float;
}

function textOf(name: string, value: Value): string {
  if (typeof value !== 'string') {
    throw new ConditionError(`${name}() not supported on ${typeName(value)}`);
  }
  return value;
}

const wrap = (integer: bigint) => BigInt.asIntN(64, integer);

/** The language's functions of numbers, and those that Argo Rollouts adds (`utils/evaluate/evaluate.go`, v1.10.2). */
export const NUMBER_FUNCTIONS: readonly Definition[] = [
  define('abs(number) same', ([value]) =>
    typeof value === 'bigint' ? wrap(value < 0n ? -value : value) : Math.abs(value),
  ),
  define('ceil(number) float', ([value]) => Math.ceil(Number(value))),
  define('floor(number) float', ([value]) => Math.floor(Number(value))),
  // Go rounds halves away from zero.
  define('round(number) float', ([value]) => Math.sign(Number(value)) * Math.round(Math.abs(Number(value)))),
  define('int(number|integer|string) int', ([value]) => toInteger('int', value)),
  define('float(number|string) float', ([value]) => toFloat('float', value)),
  define('asInt(any) int64', ([value]) => toInteger('asInt', value)),
  define('asFloat(any) float', ([value]) => toFloat('asFloat', value)),
  define('isNaN(float) bool', ([value]) => Number.isNaN(value)),
  define('isInf(float) bool', ([value]) => Math.abs(value) === Number.POSITIVE_INFINITY),
  // Both test the whole result instead of their first argument, and a result of Prometheus is never nil.
  define('isNil(any) bool', (_, { result }) => result === null),
  define('default(any, any) any', ([, fallback], { result }) => result ?? fallback),
  define('max(operand...) aggregate', (args) => extreme('max', '<', args)),
  define('min(operand...) aggregate', (args) => extreme('min', '>', args)),
  define('mean(operand...) aggregate', (args) => mean(numbersIn('mean', args))),
  define('median(operand...) aggregate', (args) => median(numbersIn('median', args))),
  define('bitand(bits, bits) int', ([a, b]) => a & b),
  define('bitor(bits, bits) int', ([a, b]) => a | b),
  define('bitxor(bits, bits) int', ([a, b]) => a ^ b),
  define('bitnand(bits, bits) int', ([a, b]) => a & ~b),
  define('bitnot(bits) int', ([a]) => ~a),
  define('bitshl(bits, bits) int', ([a, b]) => (shift(b) > 63n ? 0n : wrap(a << b))),
  define('bitshr(bits, bits) int', ([a, b]) => a >> shift(b)),
  define('bitushr(bits, bits) int', ([a, b]) => wrap(BigInt.asUintN(64, a) >> shift(b))),
];

function shift(count: bigint): bigint {
  if (count < 0n) {
    throw new ConditionError(`invalid operation: negative shift count ${count} (type int)`);
  }
  return count;
}

/** The greatest or least number, also in lists; nil for no numbers. A single argument that is no number is returned as it is. */
function extreme(name: string, op: string, args: readonly Value[]): Value {
  spend(args.length);
  let best: Value = null;
  for (const arg of args) {
    const isOfList = isKind(arg, 'list');
    const values = isOfList ? arg.items.map((item) => extreme(name, op, [item])) : [arg];
    for (const value of values) {
      if (!isNumber(value) && (isOfList || !isNamedValue(value))) {
        if (!isOfList && args.length === 1) {
          return arg;
        }
        throw new ConditionError(`invalid argument for ${name} (type ${typeName(value)})`);
      }
      best = best === null || applyBinary(op, best, value) === true ? value : best;
    }
  }
  return best;
}

/** The numbers among arguments and in lists. */
function numbersIn(name: string, args: readonly Value[]): readonly number[] {
  spend(args.length);
  return args.flatMap((arg): readonly number[] => {
    if (isKind(arg, 'list')) {
      return numbersIn(name, arg.items);
    }
    if (isNumber(arg) || isNamedValue(arg)) {
      return [Number(isNumber(arg) ? arg : arg.value)];
    }
    throw new ConditionError(`invalid argument for ${name} (type ${typeName(arg)})`);
  });
}

const mean = (numbers: readonly number[]) =>
  numbers.length === 0 ? 0 : numbers.reduce((a, b) => a + b, 0) / numbers.length;

/** The median; NaN sorts first, as in Go. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted(compareFloats);
  const middle = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1));
}
