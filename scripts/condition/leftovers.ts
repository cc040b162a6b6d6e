import { type Expression, some } from './ast.ts';
import { UnknownConditionError } from './errors.ts';
import { optimizeCall, optimizeIndex } from './optimize.ts';

/** Operators whose left side is gone before the right one is evaluated. */
const ONE_BY_ONE = new Set(['and', '&&', 'or', '||', '??']);

/**
 * Throws `UnknownConditionError` where a search from the end stands behind another operand. expr v1.17.7 leaves what it counted with on its
 * stack (`emitLoopBackwards` in `compiler/compiler.go`) and takes that for the operand before: `1 == findLast([1], true)` is false there.
 */
export function refuseLeftovers(expression: Expression): void {
  if (some(expression, isSearch) && some(expression, (part) => followers(part).some((one) => some(one, isSearch)))) {
    throw new UnknownConditionError('what findLast() and findLastIndex() leave behind another operand');
  }
}

/** The parts that are evaluated while another operand waits on the stack. */
function followers(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'binary':
      return ONE_BY_ONE.has(expression.op) ? [] : [expression.right];
    case 'member':
      return [expression.property];
    case 'method':
      return expression.args;
    case 'slice':
      return [expression.from, expression.to].filter((bound) => bound !== undefined);
    case 'array':
      return expression.items.slice(1);
    case 'map':
      return expression.pairs.flat().slice(1);
    case 'call':
      // All that these two make waits there.
      return expression.args.filter(
        ({ kind }, index) =>
          (index > 0 && kind !== 'predicate') || (kind === 'predicate' && /^(map|filter)$/.test(expression.name)),
      );
    default:
      return [];
  }
}

function isSearch(expression: Expression): boolean {
  const isLast = (name: string | undefined) => name?.startsWith('findLast') === true;
  if (expression.kind === 'call') {
    return isLast(optimizeCall(expression).name);
  }
  const index = expression.kind === 'member' ? expression.property : undefined;
  const isEnd = index?.kind === 'unary' && index.op === '-' && index.arg.kind === 'literal' && index.arg.value === 1n;
  return expression.kind === 'member' && isEnd && isLast(optimizeIndex(expression.object, -1n)?.name);
}
