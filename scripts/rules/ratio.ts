import type { Expr } from '../promql/ast.ts';
import { selectors } from '../promql/walk.ts';

/** A query that divides, seen through parentheses, rounding and factors. */
export interface Ratio {
  readonly numerator: Expr;
  readonly denominator: Expr;
}

/** The query without the parentheses around it. */
function unwrap(expr: Expr): Expr {
  return expr.kind === 'paren' ? unwrap(expr.arg) : expr;
}

/** The division whose answer the query gives: at the top, or below factors (`100 * (a / b)`, `1 - a / b`) and one-argument functions. */
export function findRatio(expr: Expr): Ratio | undefined {
  const outer = unwrap(expr);
  switch (outer.kind) {
    case 'binary':
      if (outer.op === '/' && selectors(outer.right).length > 0) {
        return { numerator: outer.left, denominator: outer.right };
      }
      if (['*', '-', '+', '/'].includes(outer.op)) {
        const sides = [outer.left, outer.right].filter((side) => selectors(side).length > 0);
        return sides.length === 1 && sides[0] !== undefined ? findRatio(sides[0]) : undefined;
      }
      return undefined;
    case 'call':
    case 'aggregate': {
      const arg = outer.kind === 'call' ? outer.args.find((one) => selectors(one).length > 0) : outer.arg;
      return arg === undefined ? undefined : findRatio(arg);
    }
    default:
      return undefined;
  }
}
