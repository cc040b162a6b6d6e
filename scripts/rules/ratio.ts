import type { Expr, SelectorExpr } from '../promql/ast.ts';
import { selectors, walk } from '../promql/walk.ts';

/** A query that divides, seen through parentheses, rounding and factors. */
export interface Ratio {
  readonly numerator: Expr;
  readonly denominator: Expr;
}

/** The query without the parentheses around it. */
export function unwrap(expr: Expr): Expr {
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

/** Whether a side adds a constant to what it counts (`sum(…) + 0.5`), so that it is never 0. */
export function isSmoothed(expr: Expr): boolean {
  const side = unwrap(expr);
  const isPositive = (one: Expr) => {
    const value = unwrap(one);
    return value.kind === 'number' && value.value > 0;
  };
  return side.kind === 'binary' && side.op === '+' && (isPositive(side.left) || isPositive(side.right));
}

/** Whether a query falls back on something (`… or vector(0)`) where a series is missing. */
export function hasFallback(expr: Expr): boolean {
  let found = false;
  walk(expr, (node) => {
    found ||= node.kind === 'binary' && node.op === 'or';
  });
  return found;
}

/** Whether a selector takes only responses that failed: `code=~"5.."`, `status="500"`, by whatever name. */
export function selectsErrors({ matchers }: SelectorExpr): boolean {
  return matchers.some(
    ({ op, value }) => (op === '=' || op === '=~') && /^\(?\^?[[(]?5(xx|\.\.|\.\*|\.\+|\d\d|\[0-9\]|\\d)/i.test(value),
  );
}
