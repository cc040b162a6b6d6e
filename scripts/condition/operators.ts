import { power } from '../go/float.ts';
import { compileGoRegexp } from '../go/regexp.ts';
import { allocate, spend } from './budget.ts';
import { isEqual } from './equality.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { operationOn } from './operator-types.ts';
import {
  asText,
  cutOff,
  duration,
  isKind,
  isNil,
  isNumber,
  type List,
  list,
  lookUp,
  saturate,
  type Time,
  time,
  typeName,
  typeOf,
  type Value,
} from './values.ts';

/** An operand of `..`, an index or a slice's bound as an integer; a float is truncated. Throws `ConditionError` for other values. */
export function integer(value: Value): bigint {
  if (!isNumber(value)) {
    throw new ConditionError(`invalid operation: int(${typeName(value)})`);
  }
  return cutOff(value);
}

/**
 * The result of a binary operation on values, except `and`, `or` and `??`, which may skip their right side. Throws `ConditionError` for
 * values that the operator does not take. Mirrors `vm/runtime` of expr v1.17.7.
 */
export function applyBinary(op: string, left: Value, right: Value): Value {
  switch (op) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case 'in':
      return contains(left, right);
    case '..':
      return range(integer(left), integer(right));
    case 'matches':
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return !isNil(left) && !isNil(right) && search(op, left, right);
    default: {
      const result = isNumber(left) && isNumber(right) ? ofNumbers(op, left, right) : ofOthers(op, left, right);
      if (result === undefined) {
        throw new ConditionError(`invalid operation: ${typeName(left)} ${op} ${typeName(right)}`);
      }
      return result;
    }
  }
}

function ofNumbers(op: string, left: bigint | number, right: bigint | number): Value | undefined {
  if (op === '/') {
    return Number(left) / Number(right);
  }
  if (op === '**' || op === '^') {
    return power(Number(left), Number(right));
  }
  if (typeof left !== 'bigint' || typeof right !== 'bigint') {
    return op === '%' ? undefined : calculate(op, Number(left), Number(right));
  }
  const result = op === '%' ? remainder(left, right) : calculate(op, left, right);
  return typeof result === 'bigint' ? BigInt.asIntN(64, result) : result;
}

/** The result for two values of one JavaScript type, before integers are wrapped to 64 bits. Undefined for other operators. */
function calculate<Side extends bigint | number | string>(
  op: string,
  left: Side,
  right: Side,
): Side | boolean | undefined {
  // TypeScript allows no arithmetic on a type that may be bigint, number or string.
  const [a, b] = [left as number, right as number];
  switch (op) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '+':
      return (a + b) as Side;
    case '-':
      return (a - b) as Side;
    case '*':
      return (a * b) as Side;
    default:
      return undefined;
  }
}

/** The result for texts, times and durations; a duration times a float is a float. Undefined if the operator does not take them. */
function ofOthers(op: string, left: Value, right: Value): Value | undefined {
  const type = operationOn(op, typeOf(left), typeOf(right));
  if (type === undefined) {
    return undefined;
  }
  if (typeof left === 'string' && typeof right === 'string') {
    spend(left.length + right.length);
    return calculate(op, left, right);
  }
  if (type === 'time') {
    const [at, by] = isKind(left, 'time') ? [left, right] : [right, left];
    const size = nanosecondsOf(by) as bigint;
    return later(at as Time, op === '-' ? BigInt.asIntN(64, -size) : size);
  }
  const [a, b] = [nanosecondsOf(left), nanosecondsOf(right)];
  const result =
    typeof a === 'bigint' && typeof b === 'bigint' ? calculate(op, a, b) : calculate(op, Number(a), Number(b));
  return typeof result === 'bigint' ? duration(isKind(left, 'time') ? saturate(result) : result) : result;
}

const nanosecondsOf = (value: Value) =>
  isKind(value, 'time')
    ? value.at.epochNanoseconds
    : isKind(value, 'duration')
      ? value.value
      : (value as bigint | number);

/** The time that is `nanoseconds` later. Throws `UnknownConditionError` beyond the range of `Temporal`. */
export function later({ at }: Time, nanoseconds: bigint): Time {
  const seconds = Number(nanoseconds / 1_000_000_000n);
  return inRange(() => at.add({ seconds, nanoseconds: Number(nanoseconds % 1_000_000_000n) }));
}

/** The computed time. Throws `UnknownConditionError` beyond the range of `Temporal`, which is smaller than Go's. */
export function inRange(run: () => Temporal.ZonedDateTime): Time {
  try {
    return time(run());
  } catch {
    throw new UnknownConditionError('a time some 270000 years away');
  }
}

function remainder(left: bigint, right: bigint): bigint {
  if (right === 0n) {
    throw new ConditionError('integer divide by zero');
  }
  return left % right;
}

function range(from: bigint, to: bigint): List {
  const length = Math.max(0, Number(BigInt.asIntN(64, to - from + 1n)));
  allocate(length);
  const items = Array.from({ length }, (_, index) => from + BigInt(index));
  return list(items, 'int');
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

function search(op: string, within: Value, sought: Value): boolean {
  const [text, part] = [asText(within), asText(sought)];
  spend(text.length + part.length);
  switch (op) {
    case 'contains':
      return text.includes(part);
    case 'startsWith':
      return text.startsWith(part);
    case 'endsWith':
      return text.endsWith(part);
    default:
      return compileRegexp(part).test(text);
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
