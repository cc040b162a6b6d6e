import type { Expr } from '../promql/ast.ts';
import { walk } from '../promql/walk.ts';
import { findRatio, isSmoothed, unwrap } from './ratio.ts';
import type { MetricQuery } from './used-metric.ts';

const RATES = new Set(['rate', 'irate', 'increase', 'delta', 'idelta']);

function calls(expr: Expr, names: ReadonlySet<string>): boolean {
  let found = false;
  walk(expr, (node) => {
    found ||= node.kind === 'call' && names.has(node.func);
  });
  return found;
}

/** Whether a divisor made of rates stays above 0 without traffic: a constant in it, a lower bound, or a filter that drops it. */
function isGuarded(divisor: Expr): boolean {
  const side = unwrap(divisor);
  return isSmoothed(side) || calls(side, new Set(['clamp_min'])) || (side.kind === 'binary' && /^[<>=!]/.test(side.op));
}

/** Whether a query is 0/0 = NaN while nobody asks. */
export function isNanWhenIdle(query: MetricQuery | undefined): boolean {
  if (query?.expr === undefined) {
    return false;
  }
  const ratio = findRatio(query.expr);
  return ratio === undefined
    ? calls(query.expr, new Set(['histogram_quantile'])) && calls(query.expr, RATES)
    : calls(ratio.denominator, RATES) && !isGuarded(ratio.denominator);
}
