import type { Compiled } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { checkBinary, checkUnary } from './operator-types.ts';
import { applyBinary } from './operators.ts';
import { isList, typeOf, type Value } from './types.ts';

/** Throws `ConditionError` where the operand is of a type that the operator does not take. */
export function compileUnary(op: string, arg: Compiled): Compiled {
  const type = checkUnary(op, arg.type);
  return {
    type,
    run: (frame) => {
      const value = arg.run(frame);
      if (type === 'bool') {
        return bool(value) === false;
      }
      if (typeof value !== 'bigint' && typeof value !== 'number') {
        throw new ConditionError(`invalid operation: ${op} ${typeOf(value)}`);
      }
      return op === '-' ? -value : value;
    },
  };
}

/** Throws `ConditionError` where the sides do not go together. */
export function compileBinary(op: string, left: Compiled, right: Compiled): Compiled {
  const type = checkBinary(op, left.type, right.type);
  const folded = fold(op, left, right);
  if (folded !== undefined) {
    return { type: 'bool', constant: folded, run: () => folded };
  }
  switch (op) {
    case 'or':
    case '||':
      return { type, run: (frame) => bool(left.run(frame)) || bool(right.run(frame)) };
    case 'and':
    case '&&':
      return { type, run: (frame) => bool(left.run(frame)) && bool(right.run(frame)) };
    case '??':
      return { type, run: (frame) => left.run(frame) ?? right.run(frame) };
    case '==':
    case '!=': {
      // Two integers are compared as such, and nil is none.
      const areInts = left.type === 'int' && right.type === 'int';
      return {
        type,
        run: (frame) => {
          const [a, b] = [left.run(frame), right.run(frame)];
          if (areInts && (a === null || b === null)) {
            throw new ConditionError('interface conversion: interface {} is nil, not int');
          }
          return applyBinary(op, a, b);
        },
      };
    }
    default:
      return { type, run: (frame) => applyBinary(op, left.run(frame), right.run(frame)) };
  }
}

/** What the language's optimizer knows before the condition runs: `… || true`, whatever the other side, and a list that is never a measured one. */
function fold(op: string, left: Compiled, right: Compiled): boolean | undefined {
  const has = (constant: boolean) => left.constant === constant || right.constant === constant;
  if ((op === 'or' || op === '||') && has(true)) {
    return true;
  }
  if ((op === 'and' || op === '&&') && has(false)) {
    return false;
  }
  const areUnlike = isList(left.type) && isList(right.type) && left.type.list !== right.type.list;
  return areUnlike && (op === '==' || op === '!=') ? op === '!=' : undefined;
}

function bool(value: Value): boolean {
  if (typeof value !== 'boolean') {
    throw new ConditionError(`interface conversion: ${typeOf(value)} is not bool`);
  }
  return value;
}
