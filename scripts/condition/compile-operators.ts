import type { Expression } from './ast.ts';
import type { Compile, Compiled, Scope } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { checkBinary, checkUnary } from './operator-types.ts';
import { applyBinary, compileRegexp } from './operators.ts';
import { optimizeBoolean } from './optimize.ts';
import { asBool } from './predicates.ts';
import type { Type } from './types.ts';
import { isNil, isNumber, typeName, typeOf, type Value } from './values.ts';

type Binary = Extract<Expression, { kind: 'binary' }>;
type Run = Compiled['run'];

/** Compiles `not`, `-` and `+`. Throws `ConditionError` when the operator does not take the operand's type. */
export function compileUnary(op: string, arg: Compiled): Compiled {
  const type = checkUnary(op, arg.type);
  const run: Run =
    op === '!' || op === 'not'
      ? (frame) => !asBool(arg.run(frame))
      : op === '+'
        ? arg.run
        : (frame) => negate(arg.run(frame));
  return folded(type, run, arg);
}

function negate(value: Value): Value {
  if (!isNumber(value)) {
    throw new ConditionError(`invalid operation: - ${typeName(value)}`);
  }
  return typeof value === 'bigint' ? BigInt.asIntN(64, -value) : -value;
}

function literal(type: Type, value: Value): Compiled {
  return { type, literal: value as Exclude<Compiled['literal'], undefined>, run: () => value };
}

/** An operation; when all its operands are literals, it runs here once and becomes a literal. */
function folded(type: Type, run: Run, ...parts: readonly Compiled[]): Compiled {
  if (parts.some((part) => part.literal === undefined)) {
    return { type, run };
  }
  const frame = { result: null, nowSeconds: 0, variables: [], element: null, index: 0, accumulator: null };
  return literal(type, run(frame));
}

/** Compiles a binary operation. Throws `ConditionError` when the operator does not take the two types. */
export function compileBinary(compile: Compile, expression: Binary, scope: Scope): Compiled {
  const { op } = expression;
  const [left, right] = [compile(expression.left, scope), compile(expression.right, scope)];
  const type = checkBinary(op, left.type, right.type);
  const run: Run = (frame) => applyBinary(op, left.run(frame), right.run(frame));
  switch (op) {
    case 'or':
    case '||':
    case 'and':
    case '&&': {
      const joint = optimizeBoolean(op, expression.left, expression.right);
      return joint === undefined ? connect(op === 'and' || op === '&&', left, right) : compile(joint, scope);
    }
    case '??':
      return {
        type,
        run: (frame) => {
          const value = left.run(frame);
          return isNil(value) ? right.run(frame) : value;
        },
      };
    case '==':
    case '!=':
      return compileEquality(op, left, right);
    case 'in': {
      const { right: within } = expression;
      const isRange = left.type === 'int' && within.kind === 'binary' && within.op === '..';
      const bounds = isRange ? [within.left, within.right].map((bound) => compile(bound, scope).literal) : [];
      return { type, run: compileIn(within, left, right, bounds) };
    }
    case 'matches':
      return { type, run: typeof right.literal === 'string' ? compileMatches(left, right.literal) : run };
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '**':
    case '^':
      // `1 % 0` is an error even in a part that is never evaluated.
      return folded(type, run, left, right);
    default:
      return { type, run };
  }
}

function compileMatches(left: Compiled, pattern: string): Run {
  const regexp = compileRegexp(pattern);
  return (frame) => {
    const text = left.run(frame);
    return typeof text === 'string' ? regexp.test(text) : applyBinary('matches', text, '');
  };
}

/** `and` and `or`. A literal operand decides at compile time: `x and false` is false, `x and true` is `x`. */
function connect(isAnd: boolean, left: Compiled, right: Compiled): Compiled {
  const [a, b] = [left.literal, right.literal];
  if (a === isAnd || b === isAnd) {
    return { ...(a === isAnd ? right : left), type: 'bool' };
  }
  if (a === !isAnd || b === !isAnd) {
    return literal('bool', !isAnd);
  }
  return { type: 'bool', run: (frame) => (asBool(left.run(frame)) === isAnd ? right.run(frame) : !isAnd) };
}

/**
 * `==` and `!=`. When the checker takes both sides for int, or both for string, expr asserts that type at run time first:
 * nil, or a float from `max`, is an error.
 */
function compileEquality(op: string, left: Compiled, right: Compiled): Compiled {
  const areAlike = left.type === right.type;
  const type = areAlike && (left.type === 'int' || left.type === 'string') ? left.type : undefined;
  const run: Run = (frame) => {
    const [a, b] = [left.run(frame), right.run(frame)];
    const other = typeOf(a) === type ? b : a;
    if (type !== undefined && typeOf(other) !== type) {
      throw new ConditionError(`interface conversion: interface {} is ${typeName(other)}, not ${type}`);
    }
    return applyBinary(op, a, b);
  };
  const isFolded = op === '==' && areAlike && typeof left.literal !== 'number';
  return isFolded ? folded('bool', run, left, right) : { type: 'bool', run };
}

/**
 * `in`, as expr's optimizer rewrites it: an integer is compared with the two bounds of a constant range, and a list of
 * literals becomes a map, whose keys all have one type.
 */
function compileIn(
  within: Expression,
  left: Compiled,
  right: Compiled,
  [from, to]: readonly Compiled['literal'][],
): Run {
  if (typeof from === 'bigint' && typeof to === 'bigint') {
    return (frame) => {
      const value = left.run(frame);
      return applyBinary('>=', value, from) === true && applyBinary('<=', value, to);
    };
  }
  const type = left.type === 'int' && isWritten(within, 'bigint') ? 'int' : isWritten(within, 'string') ? 'string' : '';
  return (frame) => {
    const item = left.run(frame);
    const value = item !== null || type === '' ? item : type === 'int' ? 0n : '';
    if (type !== '' && typeOf(value) !== type) {
      const name = typeName(value);
      throw new ConditionError(`reflect.Value.MapIndex: value of type ${name} is not assignable to type ${type}`);
    }
    return applyBinary('in', value, right.run(frame));
  };
}

/** Whether the expression is a list of literals of this type, and not empty. */
function isWritten(expression: Expression, type: 'bigint' | 'string'): boolean {
  return (
    expression.kind === 'array' &&
    expression.items.length > 0 &&
    expression.items.every((item) => item.kind === 'literal' && typeof item.value === type)
  );
}
