import type { Expression } from './ast.ts';
import { type Compile, type Compiled, newFrame, type Scope } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { applyBinary, compileRegexp, operatorOf } from './operators.ts';
import { errorsAreUnknown, joinedCall } from './optimizer.ts';
import { formatType, isNumeric, isUndecided, type Type } from './types.ts';
import { asBool, asInt, asText, isNil, isNumber, typeName, type Value } from './values.ts';

type Kind<Name extends Expression['kind']> = Extract<Expression, { kind: Name }>;
type Run = Compiled['run'];

/** Compiles `not`, `-` and `+`. Throws `ConditionError` when the operator does not take the operand's type. */
export function compileUnary(op: string, arg: Compiled): Compiled {
  const isNot = op === '!' || op === 'not';
  if (!isUndecided(arg.type) && !(isNot ? arg.type === 'bool' : isNumeric(arg.type))) {
    throw new ConditionError(`invalid operation: ${op} (mismatched type ${formatType(arg.type)})`);
  }
  const type = isNot ? 'bool' : arg.type === 'any' ? 'unknown' : arg.type;
  const run: Run = isNot
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
  return literal(type, run(newFrame(null, 0)));
}

/** The type of a binary operation's result. Throws `ConditionError` if the operator does not take the two types. */
function checkBinary(op: string, left: Type, right: Type): Type {
  const type = operatorOf(op).type(left, right);
  if (type === undefined) {
    throw new ConditionError(
      `invalid operation: ${op} (mismatched types ${formatType(left)} and ${formatType(right)})`,
    );
  }
  return type;
}

/** Compiles a binary operation. Throws `ConditionError` when the operator does not take the two types. */
export function compileBinary(compile: Compile, expression: Kind<'binary'>, scope: Scope): Compiled {
  const { op } = expression;
  const [left, right] = [compile(expression.left, scope), compile(expression.right, scope)];
  const type = checkBinary(op, left.type, right.type);
  const apply = operatorOf(op).run;
  const run: Run = (frame) => apply(left.run(frame), right.run(frame));
  switch (op) {
    case 'or':
    case '||':
    case 'and':
    case '&&':
      return connect(op === 'and' || op === '&&', left, right, joinedCall(expression) !== undefined);
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
      return compileEquality(op, left, right, run);
    case 'in': {
      const { right: within } = expression;
      const isRange = within.kind === 'binary' && within.op === '..';
      const bounds = isRange ? [within.left, within.right].map((bound) => compile(bound, scope)) : [];
      return { type, run: compileIn(within, left, right, bounds) };
    }
    case 'matches':
      if (typeof right.literal === 'string') {
        // A pattern that is wrong is an error even in a part that is never evaluated.
        compileRegexp(right.literal);
      }
      return { type, run };
    default:
      // `1 % 0` is an error even in a part that is never evaluated.
      return /^[-+*/%^]/.test(op) ? folded(type, run, left, right) : { type, run };
  }
}

/** Compiles `a < b <= c`. Throws `ConditionError` when an operator does not take the types at its sides. */
export function compileComparison({ ops }: Kind<'comparison'>, operands: readonly Compiled[]): Compiled {
  const steps = ops.map((op, index) => {
    const [left, right] = operands.slice(index) as [Compiled, Compiled];
    checkBinary(op, left.type, right.type);
    return { apply: operatorOf(op).run, right };
  });
  return {
    type: 'bool',
    run: (frame) => {
      let left = (operands[0] as Compiled).run(frame);
      return steps.every(({ apply, right }) => {
        const value = right.run(frame);
        const holds = apply(left, value) === true;
        left = value;
        return holds;
      });
    },
  };
}

/** `and` and `or`. A literal operand decides at compile time: `x and false` is false, `x and true` is `x`. */
function connect(isAnd: boolean, left: Compiled, right: Compiled, isJoined: boolean): Compiled {
  const [a, b] = [left.literal, right.literal];
  if (a === isAnd || b === isAnd) {
    return { ...(a === isAnd ? right : left), type: 'bool' };
  }
  if (a === !isAnd || b === !isAnd) {
    return literal('bool', !isAnd);
  }
  if (isJoined) {
    // Joined, either side may fail before the other one decides.
    const run: Run = (frame) => {
      const [isLeft, isRight] = [asBool(left.run(frame)), right.run(frame)];
      return isLeft === isAnd ? isRight : !isAnd;
    };
    return { type: 'bool', run: errorsAreUnknown(run) };
  }
  return { type: 'bool', run: (frame) => (asBool(left.run(frame)) === isAnd ? right.run(frame) : !isAnd) };
}

/**
 * `==` and `!=`. When the checker takes both sides for int, or both for string, expr asserts that type at run time first:
 * nil, or a float from `max`, is an error.
 */
function compileEquality(op: string, left: Compiled, right: Compiled, run: Run): Compiled {
  const isAlike = left.type === right.type;
  const assert = isAlike && left.type === 'int' ? asInt : isAlike && left.type === 'string' ? asText : undefined;
  const apply = operatorOf(op).run;
  const checked: Run = assert
    ? (frame) => {
        const [a, b] = [left.run(frame), right.run(frame)];
        return apply(assert(a), assert(b));
      }
    : run;
  const isFolded = op === '==' && isAlike && typeof left.literal !== 'number';
  return isFolded ? folded('bool', checked, left, right) : { type: 'bool', run: checked };
}

/**
 * `in`, as expr's optimizer rewrites it: an integer is compared with the two bounds of a constant range, and a list of
 * literals becomes a map, whose keys all have one type.
 */
function compileIn(within: Expression, left: Compiled, right: Compiled, bounds: readonly Compiled[]): Run {
  const [from, to] = bounds.map(({ literal: bound }) => bound);
  if (left.type === 'int' && typeof from === 'bigint' && typeof to === 'bigint') {
    return (frame) => {
      const value = left.run(frame);
      return applyBinary('>=', value, from) === true && applyBinary('<=', value, to);
    };
  }
  const items = within.kind === 'array' ? within.items : [];
  const keys = items.map((item) => (item.kind === 'literal' ? item.value : null));
  const zero = typeof keys[0] === 'string' ? '' : 0n;
  if (keys.length > 0 && keys.every((key) => typeof key === typeof zero) && (zero === '' || left.type === 'int')) {
    const written = new Set<unknown>(keys);
    return (frame) => {
      const value = left.run(frame) ?? zero;
      if (typeof value !== typeof zero) {
        const type = zero === '' ? 'string' : 'int';
        throw new ConditionError(
          `reflect.Value.MapIndex: value of type ${typeName(value)} is not assignable to type ${type}`,
        );
      }
      return written.has(value);
    };
  }
  return (frame) => applyBinary('in', left.run(frame), right.run(frame));
}
