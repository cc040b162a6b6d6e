import { compileGoRegexp } from '../go/regexp.ts';
import { allocate, spend } from './budget.ts';
import { isEqual } from './equality.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { cutOff, Duration, GoMap, isNil, isNumber, List, lookUp, Time, typeOf, type Value } from './values.ts';

/** A side of `..` or a bound that only turns out to be a number as the condition runs; a float is cut off. Throws `ConditionError`. */
export function integer(value: Value): bigint {
  if (!isNumber(value)) {
    throw new ConditionError(`invalid operation: int(${typeOf(value)})`);
  }
  return cutOff(value);
}

/**
 * A binary operation on values, all but the ones that may skip their right side. Throws `ConditionError` on values it is not made for.
 * Mirrors `vm/runtime` of expr v1.17.7.
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
    case '/':
    case '**':
    case '^':
      if (isNumber(left) && isNumber(right)) {
        return op === '/' ? Number(left) / Number(right) : power(Number(left), Number(right));
      }
      break;
    case '%':
      if (typeof left === 'bigint' && typeof right === 'bigint') {
        return remainder(left, right);
      }
      break;
    default: {
      const result = isNumber(left) && isNumber(right) ? ofNumbers(op, left, right) : ofOthers(op, left, right);
      if (result !== undefined) {
        return result;
      }
    }
  }
  throw new ConditionError(`invalid operation: ${typeOf(left)} ${op} ${typeOf(right)}`);
}

function ofNumbers(op: string, left: bigint | number, right: bigint | number): Value | undefined {
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    return op === '+'
      ? BigInt.asIntN(64, left + right)
      : op === '-'
        ? BigInt.asIntN(64, left - right)
        : op === '*'
          ? BigInt.asIntN(64, left * right)
          : compare(op, left, right);
  }
  const [a, b] = [Number(left), Number(right)];
  return op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : compare(op, a, b);
}

/** Of texts, times and durations. */
function ofOthers(op: string, left: Value, right: Value): Value | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    spend(left.length + right.length);
    return op === '+' ? left + right : compare(op, left, right);
  }
  if (left instanceof Time && right instanceof Time) {
    const [a, b] = [left.at.epochNanoseconds, right.at.epochNanoseconds];
    return op === '-' ? new Duration(saturate(a - b)) : compare(op, a, b);
  }
  if (left instanceof Time && right instanceof Duration) {
    return op === '+'
      ? later(left, right.nanoseconds)
      : op === '-'
        ? later(left, BigInt.asIntN(64, -right.nanoseconds))
        : undefined;
  }
  if (left instanceof Duration && right instanceof Time) {
    return op === '+' ? later(right, left.nanoseconds) : undefined;
  }
  return ofDurations(op, left, right);
}

/** A duration times an integer is a duration, times a float a float. */
function ofDurations(op: string, left: Value, right: Value): Value | undefined {
  const [a, b] = [left, right].map((side) =>
    side instanceof Duration ? side.nanoseconds : isNumber(side) ? side : undefined,
  );
  const areDurations = left instanceof Duration && right instanceof Duration;
  if (a === undefined || b === undefined || !(areDurations || op === '*')) {
    return undefined;
  }
  const value = ofNumbers(op, a, b);
  return typeof value === 'bigint' ? new Duration(value) : value;
}

/** A time so many nanoseconds later. Throws `UnknownConditionError`. */
export function later({ at }: Time, nanoseconds: bigint): Time {
  const seconds = Number(nanoseconds / 1_000_000_000n);
  return inRange(() => at.add({ seconds, nanoseconds: Number(nanoseconds % 1_000_000_000n) }));
}

/** Throws `UnknownConditionError` for a time that Go knows and `Temporal` does not. */
export function inRange(run: () => Temporal.ZonedDateTime): Time {
  try {
    return new Time(run());
  } catch {
    throw new UnknownConditionError('a time some 270000 years away');
  }
}

/** Go's difference of two times stops at the ends of 64 bits. */
export function saturate(nanoseconds: bigint): bigint {
  const limit = 2n ** 63n;
  return nanoseconds >= limit ? limit - 1n : nanoseconds < -limit ? -limit : nanoseconds;
}

/** Undefined for another operator. */
function compare<Ordered extends bigint | number | string>(
  op: string,
  left: Ordered,
  right: Ordered,
): boolean | undefined {
  switch (op) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    default:
      return undefined;
  }
}

/** In Go, unlike here, 1 to any power is 1, and so is -1 to an infinite one. */
function power(base: number, exponent: number): number {
  return base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) ? 1 : base ** exponent;
}

function remainder(left: bigint, right: bigint): bigint {
  if (right === 0n) {
    throw new ConditionError('integer divide by zero');
  }
  return left % right;
}

function range(from: bigint, to: bigint): List {
  const size = Math.max(0, Number(BigInt.asIntN(64, to - from + 1n)));
  allocate(size);
  return new List(
    'int',
    Array.from({ length: size }, (_, index) => from + BigInt(index)),
  );
}

function contains(item: Value, collection: Value): boolean {
  if (collection instanceof List) {
    return collection.items.some((one) => isEqual(one, item));
  }
  if (collection instanceof GoMap) {
    return lookUp(collection, item) !== undefined;
  }
  if (collection === null || (collection instanceof Time && typeof item === 'string')) {
    return false;
  }
  throw new ConditionError(`operator "in" not defined on ${typeOf(collection)}`);
}

function search(op: string, text: Value, part: Value): boolean {
  if (typeof text !== 'string' || typeof part !== 'string') {
    throw new ConditionError(
      `interface conversion: interface {} is ${typeOf(typeof text === 'string' ? part : text)}, not string`,
    );
  }
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
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConditionError(`error parsing regexp: ${reason}`, { cause });
  }
}
