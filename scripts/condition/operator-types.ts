import { ConditionError } from './errors.ts';
import { fits, formatType, isAssignable, isComparable, isList, isNumeric, type Type, withoutCommon } from './types.ts';

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
      return isIn(left, right) ? 'bool' : undefined;
    case '??':
      return left === 'nil' ? right : right === 'nil' || isAssignable(right, left) ? withoutCommon(left) : 'any';
    default:
      return both(isText) || fits(left, right, isText) ? 'bool' : undefined;
  }
}

function isIn(left: Type, right: Type): boolean {
  if (isList(right)) {
    return isComparable(left, right.list) && isComparable(left, right.common ?? 'any');
  }
  return (
    right === 'any' ||
    right === 'groups' ||
    (right === 'map' && ['nil', 'any', 'string'].some((type) => left === type)) ||
    (left === 'any' && isText(right))
  );
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
