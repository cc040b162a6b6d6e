import type { Expr, SelectorExpr } from './ast.ts';

/** The direct operands of an expression, in the order written. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'call':
      return expr.args;
    case 'aggregate':
      return expr.param === undefined ? [expr.arg] : [expr.param, expr.arg];
    case 'binary':
      return [expr.left, expr.right];
    case 'unary':
    case 'paren':
    case 'subquery':
      return [expr.arg];
    default:
      return expr satisfies never;
  }
}

/**
 * Calls `visit` for every node, parents first, then operands in the order written.
 * `ancestors` are outermost first and end with the node's parent.
 */
export function walk(
  expr: Expr,
  visit: (node: Expr, ancestors: readonly Expr[]) => void,
  ancestors: readonly Expr[] = [],
): void {
  visit(expr, ancestors);
  const inner = [...ancestors, expr];
  for (const child of children(expr)) {
    walk(child, visit, inner);
  }
}

/** Every selector of the expression, instant and range, in the order written. */
export function selectors(expr: Expr): readonly SelectorExpr[] {
  const found: SelectorExpr[] = [];
  walk(expr, (node) => {
    if (node.kind === 'selector') {
      found.push(node);
    }
  });
  return found;
}
