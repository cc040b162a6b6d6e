import type { Expression } from './ast.ts';

/** Functions that take a float and no integer; Argo's, which are Go's own. */
export const FLOAT_FUNCTIONS: ReadonlySet<string> = new Set(['isNaN', 'isInf']);

/** An argument of such a function: the integers written out in it are floats, also in sums, differences and products. Any other integer fails as it runs. */
export function asFloats(argument: Expression): Expression {
  switch (argument.kind) {
    case 'literal':
      return typeof argument.value === 'bigint' ? { kind: 'literal', value: Number(argument.value) } : argument;
    case 'unary':
      return { ...argument, arg: asFloats(argument.arg) };
    case 'binary':
      return ['+', '-', '*'].includes(argument.op)
        ? { ...argument, left: asFloats(argument.left), right: asFloats(argument.right) }
        : argument;
    default:
      return argument;
  }
}
