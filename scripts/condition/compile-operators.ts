import type { Expression } from './ast.ts';
import { asBool } from './compile-predicates.ts';
import type { Compile, Compiled, Scope } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { checkBinary, checkUnary } from './operator-types.ts';
import { applyBinary, compileRegexp } from './operators.ts';
import { optimizeBoolean } from './optimize.ts';
import { isNil, isNumber, typeOf, type Value } from './values.ts';

type Binary = Extract<Expression, { kind: 'binary' }>;

/** Throws `ConditionError` where the operand is of a type that the operator does not take. */
export function compileUnary(op: string, arg: Compiled): Compiled {
  const type = checkUnary(op, arg.type);
  const run: Compiled['run'] =
    op === '!' || op === 'not'
      ? (frame) => !asBool(arg.run(frame))
      : op === '+'
        ? arg.run
        : (frame) => {
            const value = arg.run(frame);
            if (!isNumber(value)) {
              throw new ConditionError(`invalid operation: - ${typeOf(value)}`);
            }
            return typeof value === 'bigint' ? BigInt.asIntN(64, -value) : -value;
          };
  return arg.literal === undefined ? { type, run } : literal(type, apply(run));
}

/** What is known before the condition runs. */
function literal(type: Compiled['type'], value: Value): Compiled {
  return { type, literal: value as Exclude<Compiled['literal'], undefined>, run: () => value };
}

const apply = (run: Compiled['run']) =>
  run({ result: null, nowSeconds: 0, variables: [], element: null, index: 0, accumulator: null });

/** Throws `ConditionError` where the sides do not go together. */
export function compileBinary(compile: Compile, expression: Binary, scope: Scope): Compiled {
  const { op } = expression;
  const [left, right] = [compile(expression.left, scope), compile(expression.right, scope)];
  const type = checkBinary(op, left.type, right.type);
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
    case 'in':
      return { type, run: compileIn(expression.right, left, right) };
    case 'matches':
      if (typeof right.literal === 'string') {
        const regexp = compileRegexp(right.literal);
        return {
          type,
          run: (frame) => {
            const text = left.run(frame);
            return typeof text === 'string' ? regexp.test(text) : applyBinary(op, text, '');
          },
        };
      }
      break;
    default:
  }
  const run: Compiled['run'] = (frame) => applyBinary(op, left.run(frame), right.run(frame));
  // A remainder of 0 is an error even where it is never asked for.
  const isFolded =
    ['+', '-', '*', '/', '%', '**', '^'].includes(op) && left.literal !== undefined && right.literal !== undefined;
  if (isFolded) {
    return literal(type, apply(run));
  }
  const isRange = op === '..' && typeof left.literal === 'bigint' && typeof right.literal === 'bigint';
  return { type, run, ...(isRange && { range: [left.literal as bigint, right.literal as bigint] }) };
}

/** `… and false` is false, whatever the other side, and `… and true` the other side. */
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

/** Two integers or texts are compared as such; nil is none, nor is a float that `max` answers. */
function compileEquality(op: string, left: Compiled, right: Compiled): Compiled {
  const kind = left.type === right.type && (left.type === 'int' || left.type === 'string') ? left.type : undefined;
  const run: Compiled['run'] = (frame) => {
    const [a, b] = [left.run(frame), right.run(frame)];
    const other = kind === undefined || typeOf(a) !== kind ? a : b;
    if (kind !== undefined && typeOf(other) !== kind) {
      throw new ConditionError(`interface conversion: interface {} is ${typeOf(other)}, not ${kind}`);
    }
    return applyBinary(op, a, b);
  };
  const isFolded =
    op === '==' && left.literal !== undefined && right.literal !== undefined && typeof left.literal !== 'number';
  return isFolded && left.type === right.type ? literal('bool', apply(run)) : { type: 'bool', run };
}

/** As the optimizer has it: an integer in a range between constants is compared with both, and what is written out is looked up by its type. */
function compileIn(written: Expression, left: Compiled, right: Compiled): Compiled['run'] {
  const range = left.type === 'int' ? right.range : undefined;
  if (range !== undefined) {
    return (frame) => {
      const value = left.run(frame);
      return applyBinary('>=', value, range[0]) === true && applyBinary('<=', value, range[1]);
    };
  }
  const kind =
    left.type === 'int' && isWritten(written, 'bigint') ? 'int' : isWritten(written, 'string') ? 'string' : undefined;
  return (frame) => {
    const item = left.run(frame);
    const value = item === null && kind !== undefined ? (kind === 'int' ? 0n : '') : item;
    if (kind !== undefined && typeOf(value) !== kind) {
      throw new ConditionError(
        `reflect.Value.MapIndex: value of type ${typeOf(value)} is not assignable to type ${kind}`,
      );
    }
    return applyBinary('in', value, right.run(frame));
  };
}

/** Whether a list is of nothing but integers or texts that are written out. */
function isWritten(expression: Expression, type: 'bigint' | 'string'): boolean {
  return (
    expression.kind === 'array' &&
    expression.items.length > 0 &&
    expression.items.every((item) => item.kind === 'literal' && typeof item.value === type)
  );
}
