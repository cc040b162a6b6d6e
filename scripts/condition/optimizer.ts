import { children, type Expression } from './ast.ts';
import type { Compiled } from './compiled.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/**
 * What expr v1.17.7 makes of a condition before it runs is not repeated here: `filter(…)[0]` becomes a search that stops at the first
 * element found, `all(a, p) and all(a, q)` becomes `all(a, p and q)`. No result differs, except that an error in a predicate may come
 * or not: such errors are refused.
 */
export function errorsAreUnknown(run: Compiled['run']): Compiled['run'] {
  return (frame) => {
    try {
      return run(frame);
    } catch (error) {
      throw error instanceof ConditionError
        ? new UnknownConditionError(`whether expr's optimizer skips the error '${error.message}'`)
        : error;
    }
  };
}

/** Whether a call is `filter(…)`, or `map` of one. */
export const isFiltered = (part: Expression | undefined): boolean =>
  part?.kind === 'call' && (part.name === 'filter' || (part.name === 'map' && isFiltered(part.args[0])));

/** Whether expr's optimizer may leave out some of what the call's argument evaluates. */
export function skipsSome({ name, args: [list] }: Call): boolean {
  const isCounted = name === 'len' && list?.kind === 'call' && list.name === 'map';
  return (isCounted || name === 'first' || name === 'last') && isFiltered(list);
}

/** The function whose calls expr's optimizer may join: `all` and `none` with `and` between them, `any` with `or`. */
export function joinedCall({ op, left, right }: Extract<Expression, { kind: 'binary' }>): string | undefined {
  const names = op === 'and' || op === '&&' ? ['all', 'none'] : ['any'];
  const name = calledBy(right);
  return name !== undefined && names.includes(name) && name === calledBy(left) ? name : undefined;
}

const calledBy = (side: Expression) =>
  side.kind === 'binary' ? joinedCall(side) : side.kind === 'call' ? side.name : undefined;

/**
 * Throws `UnknownConditionError` where a search from the end is evaluated after another operand. expr v1.17.7 leaves the loop's counter on
 * its stack (`emitLoopBackwards` in `compiler/compiler.go`) and reads it as the earlier operand: `1 == findLast([1], true)` is false there.
 */
export function refuseLeftovers(expression: Expression, isAfter = false): void {
  if (isAfter && isSearchFromEnd(expression)) {
    throw new UnknownConditionError('what findLast() and findLastIndex() leave behind another operand');
  }
  const keepsOperands = !(
    ['conditional', 'let', 'sequence'].includes(expression.kind) ||
    (expression.kind === 'binary' && ['and', '&&', 'or', '||', '??'].includes(expression.op))
  );
  for (const [index, part] of children(expression).entries()) {
    refuseLeftovers(part, isAfter || (keepsOperands && index > 0));
  }
}

function isSearchFromEnd(part: Expression): boolean {
  if (part.kind === 'call') {
    return part.name.startsWith('findLast') || (part.name === 'last' && isFiltered(part.args[0]));
  }
  const index = part.kind === 'member' && isFiltered(part.object) ? part.property : undefined;
  return index?.kind === 'unary' && index.op === '-' && index.arg.kind === 'literal' && index.arg.value === 1n;
}
