import { power } from '../go/float.ts';
import { compileGoRegexp } from '../go/regexp.ts';
import { allocate, spend } from './budget.ts';
import { isEqual } from './equality.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import {
  formatType,
  isAssignable,
  isComparable,
  isInteger,
  isList,
  isMap,
  isNumeric,
  isUndecided,
  listOf,
  type Type,
} from './types.ts';
import {
  asText,
  duration,
  integer,
  isKind,
  isNil,
  isNumber,
  list,
  lookUp,
  saturate,
  type Time,
  time,
  typeName,
  typeOf,
  type Value,
} from './values.ts';

/** A binary operator that always evaluates both sides. */
interface Operator {
  /** The type of its result, undefined if it does not take the two types. Throws `ConditionError` where expr has more to say. */
  readonly type: (left: Type, right: Type) => Type | undefined;
  /** Throws `ConditionError` for values that it does not take. */
  readonly run: (left: Value, right: Value) => Value;
}

type Side = 'bool' | 'number' | 'integer' | 'string' | 'time' | 'duration';
/** A pair of operand types, and the result's type: for `number`, float if one side is a float, else int. */
type Operation = readonly [left: Side, right: Side, result: Type | 'number'];

const alike = (result: Type, ...sides: readonly Side[]) => sides.map((side): Operation => [side, side, result]);
const BOTH = alike('bool', 'bool');
const ORDER = alike('bool', 'number', 'string', 'time', 'duration');
const NUMBERS: Operation = ['number', 'number', 'number'];
const DURATIONS: Operation = ['duration', 'duration', 'duration'];

function fits(type: Type, side: Side): boolean {
  return (
    isUndecided(type) || (side === 'number' ? isNumeric(type) : side === 'integer' ? isInteger(type) : type === side)
  );
}

function typeAmong(operations: readonly Operation[], left: Type, right: Type): Type | undefined {
  const result = operations.find(([first, second]) => fits(left, first) && fits(right, second))?.[2];
  return result !== 'number' ? result : left === 'float' || right === 'float' ? 'float' : 'int';
}

const operator = (operations: readonly Operation[], run: Operator['run']): Operator => ({
  type: (left, right) => typeAmong(operations, left, right),
  run,
});

/** Arithmetic or an order. `calculate` is given two integers, floats or texts; times and durations as their nanoseconds. */
function arithmetic(
  op: string,
  operations: readonly Operation[],
  calculate: (a: number, b: number) => number | boolean,
): Operator {
  // TypeScript allows no arithmetic on a type that may be bigint, number or string.
  const apply = (a: Plain, b: Plain): Plain | boolean =>
    typeof a === typeof b ? calculate(a as number, b as number) : calculate(Number(a), Number(b));
  return {
    type(left, right) {
      const type = typeAmong(operations, left, right);
      return type !== undefined && '+-*'.includes(op) && (isUndecided(left) || isUndecided(right)) ? 'unknown' : type;
    },
    run(left, right) {
      if (isNumber(left) && isNumber(right)) {
        const result = apply(left, right);
        return typeof result === 'bigint' ? BigInt.asIntN(64, result) : result;
      }
      const type = typeAmong(operations, typeOf(left), typeOf(right));
      if (type === undefined) {
        throw new ConditionError(`invalid operation: ${typeName(left)} ${op} ${typeName(right)}`);
      }
      const [a, b] = [plain(left), plain(right)];
      if (typeof a === 'string') {
        spend(a.length + (b as string).length);
      }
      const result = apply(a, b);
      if (type === 'time') {
        return timeAt(result as bigint, (isKind(left, 'time') ? left : (right as Time)).at.timeZoneId);
      }
      return typeof result === 'bigint' ? duration(isKind(left, 'time') ? saturate(result) : result) : result;
    },
  };
}

type Plain = bigint | number | string;
const plain = (value: Value) =>
  isKind(value, 'time') ? value.at.epochNanoseconds : isKind(value, 'duration') ? value.value : (value as Plain);

/** A search in a text; false where a side is nil. */
const search = (finds: (text: string, part: string) => boolean) =>
  operator(alike('bool', 'string'), (left, right) => {
    if (isNil(left) || isNil(right)) {
      return false;
    }
    const [text, part] = [asText(left), asText(right)];
    spend(text.length + part.length);
    return finds(text, part);
  });

const order = (op: string, holds: (a: number, b: number) => boolean) => arithmetic(op, ORDER, holds);
const quotient = (op: string, calculate: (a: number, b: number) => number) =>
  arithmetic(op, alike('float', 'number'), (a, b) => calculate(Number(a), Number(b)));
/** `and`, `or` and `??` may skip their right side: only their types are here. */
const skipping = (type: Operator['type']): Operator => ({ type, run: () => null });
const connective = skipping((left, right) => typeAmong(BOTH, left, right));
const equality = (isWanted: boolean): Operator => ({
  type: (left, right) => (isComparable(left, right) ? 'bool' : undefined),
  run: (left, right) => isEqual(left, right) === isWanted,
});

/** The binary operators. Mirrors `binaryNode` in `checker/checker.go` and `vm/runtime` of expr v1.17.7. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    and: connective,
    '&&': connective,
    or: connective,
    '||': connective,
    '??': skipping((left, right) =>
      left === 'nil' ? right : right === 'nil' || isAssignable(right, left) ? left : 'unknown',
    ),
    '==': equality(true),
    '!=': equality(false),
    in: { type: typeOfIn, run: contains },
    '<': order('<', (a, b) => a < b),
    '>': order('>', (a, b) => a > b),
    '<=': order('<=', (a, b) => a <= b),
    '>=': order('>=', (a, b) => a >= b),
    matches: search((text, pattern) => compileRegexp(pattern).test(text)),
    contains: search((text, part) => text.includes(part)),
    startsWith: search((text, part) => text.startsWith(part)),
    endsWith: search((text, part) => text.endsWith(part)),
    '+': arithmetic(
      '+',
      [NUMBERS, DURATIONS, ...alike('string', 'string'), ['time', 'duration', 'time'], ['duration', 'time', 'time']],
      (a, b) => a + b,
    ),
    '-': arithmetic(
      '-',
      [NUMBERS, DURATIONS, ['time', 'time', 'duration'], ['time', 'duration', 'time']],
      (a, b) => a - b,
    ),
    '*': arithmetic(
      '*',
      [NUMBERS, DURATIONS, ['duration', 'number', 'duration'], ['number', 'duration', 'duration']],
      (a, b) => a * b,
    ),
    '/': quotient('/', (a, b) => a / b),
    '**': quotient('**', power),
    '^': quotient('^', power),
    '%': operator(alike('int', 'integer'), remainder),
    '..': operator(alike(listOf('any', 'int'), 'integer'), range),
  }),
);

/** The operator written so. */
export function operatorOf(op: string): Operator {
  return OPERATORS.get(op) as Operator;
}

/** The result of a binary operation on two values. Throws `ConditionError` for values that the operator does not take. */
export const applyBinary = (op: string, left: Value, right: Value): Value => operatorOf(op).run(left, right);

function typeOfIn(left: Type, right: Type): Type | undefined {
  if (isMap(right) && !isUndecided(left) && !isAssignable(left, right === 'map' ? 'string' : 'any')) {
    throw new ConditionError(`cannot use ${formatType(left)} as type string in map key`);
  }
  if (isList(right) && !isComparable(left, right.element)) {
    throw new ConditionError(`cannot use ${formatType(left)} as type ${formatType(right.element)} in array`);
  }
  const isTaken =
    isMap(right) ||
    isList(right) ||
    isUndecided(right) ||
    (isUndecided(left) && right === 'string') ||
    (right === 'time' && (left === 'string' || isUndecided(left)));
  return isTaken ? 'bool' : undefined;
}

function contains(item: Value, collection: Value): boolean {
  if (isKind(collection, 'list')) {
    return collection.items.some((one) => isEqual(one, item));
  }
  if (isKind(collection, 'map')) {
    return lookUp(collection, item) !== undefined;
  }
  if (collection === null || (isKind(collection, 'time') && typeof item === 'string')) {
    return false;
  }
  throw new ConditionError(`operator "in" not defined on ${typeName(collection)}`);
}

function remainder(left: Value, right: Value): Value {
  if (typeof left !== 'bigint' || typeof right !== 'bigint') {
    throw new ConditionError(`invalid operation: ${typeName(left)} % ${typeName(right)}`);
  }
  if (right === 0n) {
    throw new ConditionError('integer divide by zero');
  }
  return left % right;
}

function range(left: Value, right: Value): Value {
  const [from, to] = [integer(left), integer(right)];
  const length = Math.max(0, Number(BigInt.asIntN(64, to - from + 1n)));
  allocate(length);
  const items = Array.from({ length }, (_, index) => from + BigInt(index));
  return list(items, 'int');
}

/** The time that many nanoseconds after 1970. Throws `UnknownConditionError` beyond the range of `Temporal`. */
export const timeAt = (nanoseconds: bigint, zone: string) =>
  inRange(() => Temporal.Instant.fromEpochNanoseconds(nanoseconds).toZonedDateTimeISO(zone));

/** The computed time. Throws `UnknownConditionError` beyond the range of `Temporal`, which is smaller than Go's. */
export function inRange(run: () => Temporal.ZonedDateTime): Time {
  try {
    return time(run());
  } catch {
    throw new UnknownConditionError('a time some 270000 years away');
  }
}

/** Throws `ConditionError` for what is no regular expression of Go. */
export function compileRegexp(pattern: string): ReturnType<typeof compileGoRegexp> {
  try {
    return compileGoRegexp(pattern);
  } catch (cause) {
    throw new ConditionError(`error parsing regexp: ${(cause as Error).message}`, { cause });
  }
}
