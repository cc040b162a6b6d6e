import { compileGoRegexp } from '../go/regexp.ts';
import { spend } from './budget.ts';
import { ConditionError } from './errors.ts';
import { elementType, isSamePiece, listAs } from './list-origin.ts';
import { keyOf } from './map-keys.ts';
import { cutOff, typeOf, type Value } from './types.ts';

/** Equal as Go has it: numbers by value, lists and maps by content, NaN to nothing. */
export function isEqual(left: Value, right: Value): boolean {
  spend(1);
  if (
    (typeof left === 'bigint' || typeof left === 'number') &&
    (typeof right === 'bigint' || typeof right === 'number')
  ) {
    return typeof left === typeof right ? left === right : Number(left) === Number(right);
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length &&
      elementType(left) === elementType(right) &&
      (isSamePiece(left, right) || left.every((item, index) => isAlike(item, right[index])))
    );
  }
  if (left instanceof Map && right instanceof Map) {
    return (
      left === right ||
      (left.size === right.size &&
        [...left].every(([key, value]) => right.has(key) && isAlike(value, right.get(key) ?? null)))
    );
  }
  const [a, b] = [left, right].map((value) =>
    typeof value === 'object' && value !== null && 'nanoseconds' in value ? value.nanoseconds : undefined,
  );
  return left === right || (a !== undefined && a === b);
}

/** What lists and maps hold is only equal where it is of the same type: 1 is not 1.0 there. */
function isAlike(left: Value, right: Value): boolean {
  return typeof left === typeof right && isEqual(left, right);
}

/** A side of `..` or a bound that only turns out to be a number as the condition runs; a float is cut off. Throws `ConditionError`. */
export function integer(value: Value): bigint {
  if (typeof value !== 'bigint' && typeof value !== 'number') {
    throw new ConditionError(`invalid operation: int(${typeOf(value)})`);
  }
  return cutOff(value);
}

/** A binary operation on values, all but the ones that may skip their right side. Throws `ConditionError` on values it is not made for. */
export function applyBinary(op: string, left: Value, right: Value): Value {
  switch (op) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case 'in':
      return contains(left, right);
    case '..': {
      const [from, to] = [integer(left), integer(right)];
      const size = Math.max(0, Number(BigInt.asIntN(64, to - from + 1n)));
      spend(size);
      return listAs(
        'int',
        Array.from({ length: size }, (_, index) => from + BigInt(index)),
      );
    }
    default:
      return arithmetic(op, left, right);
  }
}

function contains(item: Value, collection: Value): boolean {
  if (Array.isArray(collection)) {
    return collection.some((one) => isEqual(one, item));
  }
  if (collection instanceof Map) {
    return collection.has(keyOf(collection, item));
  }
  if (collection === null) {
    return false;
  }
  throw new ConditionError(`operator "in" not defined on ${typeOf(collection)}`);
}

function arithmetic(op: string, left: Value, right: Value): Value {
  if (typeof left === 'string' && typeof right === 'string') {
    return textOperation(op, left, right);
  }
  const isNumber = (value: Value): value is bigint | number => typeof value === 'bigint' || typeof value === 'number';
  if (!isNumber(left) || !isNumber(right)) {
    throw new ConditionError(`invalid operation: ${typeOf(left)} ${op} ${typeOf(right)}`);
  }
  const areInts = typeof left === 'bigint' && typeof right === 'bigint';
  const [a, b] = [Number(left), Number(right)];
  switch (op) {
    case '<':
    case '>':
    case '<=':
    case '>=':
      return areInts ? compare(op, left, right) : compare(op, a, b);
    case '+':
      return areInts ? BigInt.asIntN(64, left + right) : a + b;
    case '-':
      return areInts ? BigInt.asIntN(64, left - right) : a - b;
    case '*':
      return areInts ? BigInt.asIntN(64, left * right) : a * b;
    case '/':
      return a / b;
    case '**':
    case '^':
      // In Go, unlike here, 1 to any power is 1, and so is -1 to an infinite one.
      return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b;
    case '%':
      if (!areInts || right === 0n) {
        throw new ConditionError(
          areInts ? 'integer divide by zero' : `invalid operation: ${typeOf(left)} % ${typeOf(right)}`,
        );
      }
      return left % right;
    default:
      throw new ConditionError(`invalid operation: ${typeOf(left)} ${op} ${typeOf(right)}`);
  }
}

/** Integers as such: beyond 2^53 two of them may be one number. */
function compare<Ordered extends bigint | number>(op: '<' | '>' | '<=' | '>=', left: Ordered, right: Ordered): boolean {
  const isLess = left < right;
  const isMore = left > right;
  return op === '<' ? isLess : op === '>' ? isMore : (op === '<=' ? isLess : isMore) || left === right;
}

function textOperation(op: string, left: string, right: string): Value {
  spend(left.length + right.length);
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
      return left + right;
    case 'contains':
      return left.includes(right);
    case 'startsWith':
      return left.startsWith(right);
    case 'endsWith':
      return left.endsWith(right);
    case 'matches':
      return matches(left, right);
    default:
      throw new ConditionError(`invalid operation: string ${op} string`);
  }
}

function matches(text: string, pattern: string): boolean {
  try {
    return compileGoRegexp(pattern).test(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConditionError(`error parsing regexp: ${reason}`, { cause });
  }
}
