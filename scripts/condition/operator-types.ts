import { ConditionError } from './errors.ts';
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

type Side = 'bool' | 'number' | 'integer' | 'string' | 'time' | 'duration';
/** A pair of operand types that an operator takes, and the result's type: for `number`, float if one side is a float, else int. */
type Operation = readonly [left: Side, right: Side, result: Type | 'number'];

const alike = (result: Type, ...sides: readonly Side[]) => sides.map((side): Operation => [side, side, result]);
const BOTH = alike('bool', 'bool');
const ORDER = alike('bool', 'number', 'string', 'time', 'duration');
const SEARCH = alike('bool', 'string');
const QUOTIENT = alike('float', 'number');
const NUMBERS: Operation = ['number', 'number', 'number'];
const DURATIONS: Operation = ['duration', 'duration', 'duration'];

const OPERATIONS: Readonly<Record<string, readonly Operation[]>> = {
  and: BOTH,
  '&&': BOTH,
  or: BOTH,
  '||': BOTH,
  '<': ORDER,
  '>': ORDER,
  '<=': ORDER,
  '>=': ORDER,
  matches: SEARCH,
  contains: SEARCH,
  startsWith: SEARCH,
  endsWith: SEARCH,
  '/': QUOTIENT,
  '**': QUOTIENT,
  '^': QUOTIENT,
  '%': alike('int', 'integer'),
  '..': alike(listOf('any', 'int'), 'integer'),
  '+': [NUMBERS, DURATIONS, ...alike('string', 'string'), ['time', 'duration', 'time'], ['duration', 'time', 'time']],
  '-': [NUMBERS, DURATIONS, ['time', 'time', 'duration'], ['time', 'duration', 'time']],
  '*': [NUMBERS, DURATIONS, ['duration', 'number', 'duration'], ['number', 'duration', 'duration']],
};

function fits(type: Type, side: Side): boolean {
  return (
    isUndecided(type) || (side === 'number' ? isNumeric(type) : side === 'integer' ? isInteger(type) : type === side)
  );
}

/** The type of a binary operation's result; undefined if the operator does not take the two types. */
export function operationOn(op: string, left: Type, right: Type): Type | undefined {
  const found = OPERATIONS[op]?.find(([first, second]) => fits(left, first) && fits(right, second));
  if (found !== undefined && '+-*'.includes(op) && (isUndecided(left) || isUndecided(right))) {
    return 'unknown';
  }
  const result = found?.[2];
  return result !== 'number' ? result : left === 'float' || right === 'float' ? 'float' : 'int';
}

/**
 * The type of a binary operation's result. Throws `ConditionError` if the operator does not take the two types.
 * Mirrors `binaryNode` in `checker/checker.go` of expr v1.17.7.
 */
export function checkBinary(op: string, left: Type, right: Type): Type {
  const type = binaryType(op, left, right);
  if (type === undefined) {
    throw new ConditionError(
      `invalid operation: ${op} (mismatched types ${formatType(left)} and ${formatType(right)})`,
    );
  }
  return type;
}

function binaryType(op: string, left: Type, right: Type): Type | undefined {
  switch (op) {
    case '==':
    case '!=':
      return isComparable(left, right) ? 'bool' : undefined;
    case 'in':
      return isIn(left, right) ? 'bool' : undefined;
    case '??':
      return left === 'nil' ? right : right === 'nil' || isAssignable(right, left) ? left : 'unknown';
    default:
      return operationOn(op, left, right);
  }
}

function isIn(left: Type, right: Type): boolean {
  if (isMap(right)) {
    if (isUndecided(left) || isAssignable(left, right === 'map' ? 'string' : 'any')) {
      return true;
    }
    throw new ConditionError(`cannot use ${formatType(left)} as type string in map key`);
  }
  if (isList(right)) {
    if (isComparable(left, right.element)) {
      return true;
    }
    throw new ConditionError(`cannot use ${formatType(left)} as type ${formatType(right.element)} in array`);
  }
  return (
    isUndecided(right) ||
    (isUndecided(left) && right === 'string') ||
    ((left === 'string' || isUndecided(left)) && right === 'time')
  );
}

/** The type of a unary operation's result. Throws `ConditionError` if the operator does not take the type. */
export function checkUnary(op: string, arg: Type): Type {
  const isNot = op === '!' || op === 'not';
  if (!isUndecided(arg) && !(isNot ? arg === 'bool' : isNumeric(arg))) {
    throw new ConditionError(`invalid operation: ${op} (mismatched type ${formatType(arg)})`);
  }
  return isNot ? 'bool' : arg === 'any' ? 'unknown' : arg;
}
