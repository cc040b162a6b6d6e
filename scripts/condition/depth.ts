import { children, type Expression } from './ast.ts';

/** Deeper than any condition, shallower than the stack. */
export const MAX_DEPTH = 200;

/**
 * Keeps account of how deep each part is, and calls `fail` at the first that is too deep. A row is deep too: in `a and b and c`
 * each operator holds all that is before it.
 */
export function createDepthLimit(fail: () => never): <Part extends Expression>(part: Part) => Part {
  const depths = new WeakMap<Expression, number>();
  return (part) => {
    const depth = children(part).reduce((most, child) => Math.max(most, depths.get(child) ?? 0), 0) + 1;
    if (depth > MAX_DEPTH) {
      fail();
    }
    depths.set(part, depth);
    return part;
  };
}
