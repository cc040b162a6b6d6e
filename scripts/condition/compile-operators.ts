import type { Compiled } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { checkBinary, checkUnary } from './operator-types.ts';
import { applyBinary } from './operators.ts';
import { typeOf, type Value } from './types.ts';

/** Throws `ConditionError` where the operand is of a type that the operator does not take. */
export function compileUnary(op: string, arg: Compiled): Compiled {
  const type = checkUnary(op, arg.type);
  return {
    type,
    constant: constantOf(op, arg.constant),
    run: (frame) => {
      const value = arg.run(frame);
      if (type === 'bool') {
        return !asBool(value);
      }
      if (typeof value !== 'bigint' && typeof value !== 'number') {
        throw new ConditionError(`invalid operation: ${op} ${typeOf(value)}`);
      }
      return op === '+' ? value : typeof value === 'bigint' ? BigInt.asIntN(64, -value) : -value;
    },
  };
}

function constantOf(op: string, arg: Compiled['constant']): Compiled['constant'] {
  if (typeof arg === 'bigint') {
    return op === '-' ? BigInt.asIntN(64, -arg) : arg;
  }
  return arg === undefined ? undefined : !arg;
}

/** Throws `ConditionError` where the sides do not go together. */
export function compileBinary(op: string, left: Compiled, right: Compiled): Compiled {
  const type = checkBinary(op, left.type, right.type);
  const folded = fold(op, left, right);
  if (folded !== undefined) {
    return { type, constant: folded, run: () => folded };
  }
  switch (op) {
    case 'or':
    case '||':
      return { type, run: (frame) => asBool(left.run(frame)) || asBool(right.run(frame)) };
    case 'and':
    case '&&':
      return { type, run: (frame) => asBool(left.run(frame)) && asBool(right.run(frame)) };
    case '??':
      return { type, run: (frame) => left.run(frame) ?? right.run(frame) };
    case '==':
    case '!=': {
      // Two integers or texts are compared as such; nil is none, nor is a float that `max` answers.
      const kind = left.type === right.type && (left.type === 'int' || left.type === 'string') ? left.type : undefined;
      return {
        type,
        run: (frame) => {
          const [a, b] = [left.run(frame), right.run(frame)];
          const other = [a, b].find((value) => kind !== undefined && typeOf(value) !== kind);
          if (other !== undefined) {
            throw new ConditionError(`interface conversion: interface {} is ${typeOf(other)}, not ${kind}`);
          }
          return applyBinary(op, a, b);
        },
      };
    }
    case 'in':
      return { type, run: compileIn(left, right) };
    default: {
      const bounds = [left.constant, right.constant].filter((bound) => typeof bound === 'bigint');
      const range = op === '..' && bounds.length === 2 ? (bounds as [bigint, bigint]) : undefined;
      return { type, range, run: (frame) => applyBinary(op, left.run(frame), right.run(frame)) };
    }
  }
}

/** As the optimizer has it: an integer in a range between constants is compared with both, and what is written out is looked up by its type. */
function compileIn(left: Compiled, right: Compiled): Compiled['run'] {
  const { range, written } = right;
  if (range !== undefined && left.type === 'int') {
    return (frame) => {
      const value = left.run(frame);
      return applyBinary('>=', value, range[0]) === true && applyBinary('<=', value, range[1]);
    };
  }
  if (written === 'string' || (written === 'int' && left.type === 'int')) {
    return (frame) => {
      const value = left.run(frame) ?? (written === 'int' ? 0n : '');
      if (typeOf(value) !== written) {
        throw new ConditionError(
          `reflect.Value.MapIndex: value of type ${typeOf(value)} is not assignable to type ${written}`,
        );
      }
      return applyBinary('in', value, right.run(frame));
    };
  }
  return (frame) => applyBinary('in', left.run(frame), right.run(frame));
}

/** What the language's optimizer knows before the condition runs: `… || true`, whatever the other side, and sums of integers. Throws `ConditionError` for a remainder of 0. */
function fold(op: string, left: Compiled, right: Compiled): Compiled['constant'] {
  const [a, b] = [left.constant, right.constant];
  switch (op) {
    case 'or':
    case '||':
      return a === true || b === true || (a === false && b === false ? false : undefined);
    case 'and':
    case '&&':
      return a === false || b === false ? false : (a === true && b === true) || undefined;
    case '+':
    case '-':
    case '*':
    case '%':
      return typeof a === 'bigint' && typeof b === 'bigint' ? (applyBinary(op, a, b) as bigint) : undefined;
    case '==':
      return a === undefined || b === undefined ? undefined : a === b;
    default:
      return undefined;
  }
}

/** Throws `ConditionError` for what only turns out to be something else as the condition runs. */
export function asBool(value: Value): boolean {
  if (typeof value !== 'boolean') {
    throw new ConditionError(`interface conversion: ${typeOf(value)} is not bool`);
  }
  return value;
}
