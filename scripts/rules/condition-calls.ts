import { type Expression, walk } from '../condition/ast.ts';

/** What a condition calls a function with. */
type Call = Extract<Expression, { readonly kind: 'call' }>;

function hasCall(expression: Expression | undefined, matches: (call: Call) => boolean): boolean {
  let found = false;
  if (expression !== undefined) {
    walk(expression, (node) => {
      found ||= node.kind === 'call' && matches(node);
    });
  }
  return found;
}

const FOR_ONE_NUMBER = new Set(['isNaN', 'isInf', 'isNil', 'default', 'asFloat', 'asInt']);

/** Whether a function for one number is given the whole result. */
export function hasBareResult(expression: Expression): boolean {
  return hasCall(expression, ({ name, args: [first] }) => {
    return FOR_ONE_NUMBER.has(name) && first?.kind === 'identifier' && first.name === 'result';
  });
}

/** Whether a condition asks something of each element, which is true of an empty list. */
export function callsAll(expression: Expression | undefined): boolean {
  return hasCall(expression, ({ name }) => name === 'all' || name === 'none');
}

/** Whether a condition speaks of NaN itself. */
export function asksForNan(expression: Expression | undefined): boolean {
  return hasCall(expression, ({ name }) => name === 'isNaN');
}
