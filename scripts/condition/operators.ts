import { compileGoRegexp } from '../promql/go-regexp.ts';
import { spend } from './budget.ts';
import { ConditionError } from './errors.ts';
import { cutOff, fits, formatType, isComparable, isList, isNumeric, type Type, typeOf, type Value } from './types.ts';

const isBool = (type: Type) => type === 'bool';
const isInt = (type: Type) => type === 'int';
const isText = (type: Type) => type === 'string';
const isDuration = (type: Type) => type === 'duration';
const wider = (left: Type, right: Type): Type => (left === 'float' || right === 'float' ? 'float' : 'int');

/** The type of a binary operation; undefined where its sides do not go together. Mirrors the checker of antonmedv/expr v1.15.5. */
function binaryType(op: string, left: Type, right: Type): Type | undefined {
  const both = (is: (type: Type) => boolean) => is(left) && is(right);
  switch (op) {
    case '==':
    case '!=':
      return isComparable(left, right) ? 'bool' : undefined;
    case 'or':
    case '||':
    case 'and':
    case '&&':
      return both(isBool) || fits(left, right, isBool) ? 'bool' : undefined;
    case '<':
    case '>':
    case '>=':
    case '<=':
      return both(isNumeric) || both(isText) || fits(left, right, isNumeric, isText) ? 'bool' : undefined;
    case '+':
      if (both(isText)) {
        return 'string';
      }
      return both(isNumeric)
        ? wider(left, right)
        : fits(left, right, isNumeric, isText, isDuration)
          ? 'any'
          : undefined;
    case '-':
    case '*':
      return both(isNumeric) ? wider(left, right) : fits(left, right, isNumeric) ? 'any' : undefined;
    case '/':
    case '**':
    case '^':
      return both(isNumeric) || fits(left, right, isNumeric) ? 'float' : undefined;
    case '%':
      return both(isInt) ? 'int' : fits(left, right, isInt) ? 'any' : undefined;
    case '..':
      return both(isInt) || fits(left, right, isInt) ? { list: 'int' } : undefined;
    case 'in':
      return right === 'any' ||
        right === 'map' ||
        (isList(right) && isComparable(left, right.list)) ||
        (left === 'any' && isText(right))
        ? 'bool'
        : undefined;
    case '??':
      return left === 'nil' ? right : right === 'nil' || right === left ? left : 'any';
    default:
      return both(isText) || fits(left, right, isText) ? 'bool' : undefined;
  }
}

/** Throws `ConditionError` where the operation cannot be compiled. */
export function checkBinary(op: string, left: Type, right: Type): Type {
  const type = binaryType(op, left, right);
  if (type === undefined) {
    throw new ConditionError(
      `invalid operation: ${op} (mismatched types ${formatType(left)} and ${formatType(right)})`,
    );
  }
  return type;
}

/** Throws `ConditionError` where the operation cannot be compiled. */
export function checkUnary(op: string, arg: Type): Type {
  if (op === '!' || op === 'not' ? isBool(arg) || arg === 'any' : isNumeric(arg) || arg === 'any') {
    return op === '!' || op === 'not' ? 'bool' : arg;
  }
  throw new ConditionError(`invalid operation: ${op} (mismatched type ${formatType(arg)})`);
}

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
