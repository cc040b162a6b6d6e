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

const is = (wanted: Type) => (type: Type) => type === wanted;
const wider = (left: Type, right: Type): Type => (left === 'float' || right === 'float' ? 'float' : 'int');

/** Which operands an operator takes, both of the same sort, one of which may only turn out as the condition runs. */
const SORTS: Readonly<Record<string, readonly ((type: Type) => boolean)[]>> = {
  or: [is('bool')],
  '<': [isNumeric, is('string'), is('time'), is('duration')],
  '-': [isNumeric, is('time'), is('duration')],
  '*': [isNumeric, is('duration')],
  '/': [isNumeric],
  '%': [isInteger],
  '+': [isNumeric, is('string'), is('time'), is('duration')],
  matches: [is('string')],
};
const SAME_SORTS: Readonly<Record<string, string>> = {
  and: 'or',
  '&&': 'or',
  '||': 'or',
  '>': '<',
  '<=': '<',
  '>=': '<',
  '**': '/',
  '^': '/',
  '..': '%',
  contains: 'matches',
  startsWith: 'matches',
  endsWith: 'matches',
};

/** The types of sums and differences that are of another type than their sides, or of sides of two types. */
const OF_TIMES: Readonly<Record<string, Type>> = {
  'time - time': 'duration',
  'time - duration': 'time',
  'time + duration': 'time',
  'duration + time': 'time',
  'duration + duration': 'duration',
  'duration - duration': 'duration',
  'duration * duration': 'duration',
};

/** Throws `ConditionError` where the operation cannot be compiled. Mirrors `binaryNode` in `checker/checker.go` of expr v1.17.7. */
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
    default: {
      const sort = SAME_SORTS[op] ?? op;
      return arithmeticType(op, sort, left, right, SORTS[sort] ?? []);
    }
  }
}

function arithmeticType(
  op: string,
  sort: string,
  left: Type,
  right: Type,
  sorts: readonly ((type: Type) => boolean)[],
): Type | undefined {
  const isAny = isUndecided(left) || isUndecided(right);
  const fits = (type: Type) => isUndecided(type) || sorts.some((takes) => takes(type));
  const areNumbers = isNumeric(left) && isNumeric(right);
  const isSameSort = areNumbers || formatType(left) === formatType(right);
  const isOpen = isAny && fits(left) && fits(right);
  switch (sort) {
    case '+':
    case '-':
    case '*': {
      if (areNumbers) {
        return wider(left, right);
      }
      const isProduct =
        op === '*' && (isNumeric(left) || isNumeric(right)) && (left === 'duration' || right === 'duration');
      const isText = op === '+' && left === 'string' && right === 'string';
      return (
        OF_TIMES[`${formatName(left)} ${op} ${formatName(right)}`] ??
        (isProduct ? 'duration' : isText ? 'string' : isOpen ? 'unknown' : undefined)
      );
    }
    default: {
      const type = op === '..' ? listOf('any', 'int') : sort === '/' ? 'float' : sort === '%' ? 'int' : 'bool';
      return isOpen || (isSameSort && fits(left) && fits(right)) ? type : undefined;
    }
  }
}

const formatName = (type: Type) => (isList(type) ? '' : type);

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

/** Throws `ConditionError` where the operation cannot be compiled. */
export function checkUnary(op: string, arg: Type): Type {
  const isNot = op === '!' || op === 'not';
  if (isNot ? arg === 'bool' || isUndecided(arg) : isNumeric(arg) || isUndecided(arg)) {
    return isNot ? 'bool' : arg === 'any' ? 'unknown' : arg;
  }
  throw new ConditionError(`invalid operation: ${op} (mismatched type ${formatType(arg)})`);
}
