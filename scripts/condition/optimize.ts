import { children, type Expression, some } from './ast.ts';
import { UnknownConditionError } from './errors.ts';
import { FIND_LAST_OR_THROW, FIND_OR_THROW, SUM_OF_MAP } from './predicates.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Predicate = Extract<Expression, { kind: 'predicate' }>;

/**
 * A call as expr's optimizer rewrites it. `filter(…)[0]` becomes a search that stops at the first element found, so an error in the
 * predicate of a later element never happens. Mirrors the rewrites in `optimizer/` of expr v1.17.7 that change a result.
 */
export function optimizeCall(call: Call): Call {
  const [list] = call.args;
  const filter = list && filterOf(list);
  switch (call.name) {
    case 'filter':
    case 'map':
      return filterOf(call) ?? call;
    case 'len':
      return filter && call.args.length === 1 ? { ...call, name: 'count', args: filter.args.slice(0, 2) } : call;
    case 'first':
    case 'last':
      return filter && call.args.length === 1 ? { ...filter, name: call.name === 'first' ? 'find' : 'findLast' } : call;
    case 'sum':
      return list?.kind === 'call' && list.name === 'map' && call.args.length === 1 && !filter
        ? { ...list, name: SUM_OF_MAP }
        : call;
    default:
      return call;
  }
}

/** `filter(…)[0]` and `filter(…)[-1]` as searches. */
export function optimizeIndex(object: Expression, index: unknown): Call | undefined {
  const filter = index === 0n || index === -1n ? filterOf(object) : undefined;
  return filter && { ...filter, name: index === 0n ? FIND_OR_THROW : FIND_LAST_OR_THROW };
}

/** Joins nested filters into one call. A `map` around them becomes its third argument. */
function filterOf(call: Expression): Call | undefined {
  if (call.kind !== 'call' || call.args.length !== 2 || (call.name !== 'filter' && call.name !== 'map')) {
    return undefined;
  }
  const [list, predicate] = call.args as readonly [Expression, Predicate];
  const inner = filterOf(list);
  if (call.name === 'map') {
    return inner?.args.length === 2 && !some(predicate, isIndex)
      ? { ...inner, args: [...inner.args, predicate] }
      : undefined;
  }
  if (inner?.args.length !== 2) {
    return call;
  }
  const [whole, first] = inner.args as readonly [Expression, Predicate];
  return { ...call, args: [whole, joined(true, first, predicate)] };
}

/**
 * A predicate that holds where both do (`isAnd`) or where one does. It is a conditional, because compiling `and` would fold literals,
 * and expr's optimizer does not fold them in predicates that it joined.
 */
function joined(isAnd: boolean, { body: test }: Predicate, { body: other }: Predicate): Predicate {
  const literal: Expression = { kind: 'literal', value: !isAnd };
  const [whenTrue, whenFalse] = isAnd ? [other, literal] : [literal, other];
  return { kind: 'predicate', body: { kind: 'conditional', test, whenTrue, whenFalse } };
}

/** `all(list, p) and all(list, q)` becomes `all(list, p and q)`; so do two `none`, and two `any` joined by `or`. */
export function optimizeBoolean(op: string, left: Expression, right: Expression): Call | undefined {
  const [a, b] = [combined(left), combined(right)];
  const isAnd = op === 'and' || op === '&&';
  const joinable = isAnd ? ['all', 'none'] : ['any'];
  if (a.kind !== 'call' || b.kind !== 'call' || a.name !== b.name || !joinable.includes(a.name)) {
    return undefined;
  }
  const [list, predicate] = a.args as readonly [Expression, Predicate];
  const [other, second] = b.args as readonly [Expression, Predicate];
  const joint = joined(a.name === 'all', predicate, second);
  return textOf(list) === textOf(other) ? { ...a, args: [list, joint] } : undefined;
}

function combined(expression: Expression): Expression {
  return (
    (expression.kind === 'binary' ? optimizeBoolean(expression.op, expression.left, expression.right) : undefined) ??
    expression
  );
}

const isIndex = (part: Expression) => part.kind === 'pointer' && part.name === 'index';

/** A text that is equal for equal expressions. A part that stands in two places is written once. */
function textOf(expression: Expression): string {
  const places = new Map<unknown, number>();
  return JSON.stringify(expression, (_, value) => {
    const place = places.get(value);
    if (typeof value === 'object') {
      places.set(value, places.size);
    }
    return typeof value === 'bigint' ? `${value}n` : (place ?? value);
  });
}

/**
 * Throws `UnknownConditionError` where a search from the end is evaluated after another operand. expr v1.17.7 leaves the loop's counter on
 * its stack (`emitLoopBackwards` in `compiler/compiler.go`) and reads it as the earlier operand: `1 == findLast([1], true)` is false there.
 */
export function refuseLeftovers(expression: Expression): void {
  if (some(expression, isSearch) && some(expression, (part) => followers(part).some((one) => some(one, isSearch)))) {
    throw new UnknownConditionError('what findLast() and findLastIndex() leave behind another operand');
  }
}

/** The parts that are evaluated while another operand is on the stack. */
function followers(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'conditional':
    case 'let':
    case 'sequence':
      return [];
    case 'binary':
      return ['and', '&&', 'or', '||', '??'].includes(expression.op) ? [] : [expression.right];
    case 'call': {
      // `map` and `filter` keep their results on the stack while the predicate runs.
      const isFollower = (arg: Expression, index: number) =>
        arg.kind === 'predicate' ? /^(map|filter)$/.test(expression.name) : index > 0;
      return expression.args.filter(isFollower);
    }
    default:
      return children(expression).slice(1);
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
