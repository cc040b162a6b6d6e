import { compileGoRegexp } from '../go/regexp.ts';
import { spend } from './budget.ts';
import { ConditionError } from './errors.ts';
import { cutOff, typeOf, type Value } from './types.ts';

/** Equal as Go has it: numbers by value, lists and maps by content, NaN to nothing. */
export function isEqual(left: Value, right: Value): boolean {
  spend(1);
  if (
    (typeof left === 'bigint' || typeof left === 'number') &&
    (typeof right === 'bigint' || typeof right === 'number')
  ) {
    return Number(left) === Number(right);
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index]));
  }
  if (left instanceof Map && right instanceof Map) {
    return (
      left.size === right.size && [...left].every(([key, value]) => right.has(key) && isEqual(value, right.get(key)))
    );
  }
  const seconds = (value: Value) =>
    typeof value === 'object' && value !== null && 'seconds' in value ? value.seconds : undefined;
  return left === right || (seconds(left) !== undefined && seconds(left) === seconds(right));
}

/** A side of `..` that only turns out to be a number as the condition runs; a float is cut off. */
function integer(op: string, value: Value): bigint {
  if (typeof value !== 'bigint' && typeof value !== 'number') {
    throw new ConditionError(`invalid operation: ${op} of ${typeOf(value)}`);
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
      const [from, to] = [integer(op, left), integer(op, right)];
      const size = Math.max(0, Number(to - from + 1n));
      spend(size);
      return Array.from({ length: size }, (_, index) => from + BigInt(index));
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
    return collection.has(item);
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
  const [a, b] = [Number(left), Number(right)];
  const areInts = typeof left === 'bigint' && typeof right === 'bigint';
  switch (op) {
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
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
      return a ** b;
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
