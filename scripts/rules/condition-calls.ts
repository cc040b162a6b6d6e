import { type Expression, partsOf } from '../condition/ast.ts';

/** A call of a function in a condition. */
type Call = Extract<Expression, { readonly kind: 'call' }>;

function hasCall(expression: Expression | undefined, matches: (call: Call) => boolean): boolean {
  return expression !== undefined && partsOf(expression).some((part) => part.kind === 'call' && matches(part));
}

const FOR_ONE_NUMBER = new Set(['isNaN', 'isInf', 'isNil', 'default', 'asFloat', 'asInt']);

/** Whether a condition passes the whole `result`, a list, to a function for one number: `isNaN(result)`. */
export function hasBareResult(expression: Expression): boolean {
  return hasCall(expression, ({ name, args: [first] }) => {
    return FOR_ONE_NUMBER.has(name) && first?.kind === 'identifier' && first.name === 'result';
  });
}

/** Whether a condition calls `all()` or `none()`, which are true for an empty list. */
export function callsAll(expression: Expression | undefined): boolean {
  return hasCall(expression, ({ name }) => name === 'all' || name === 'none');
}

/** Whether a condition calls `isNaN()`. */
export function asksForNan(expression: Expression | undefined): boolean {
  return hasCall(expression, ({ name }) => name === 'isNaN');
}
