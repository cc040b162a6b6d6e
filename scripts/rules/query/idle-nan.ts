import { type Expression, walk as walkCondition } from '../../condition/ast.ts';
import type { Expr } from '../../promql/ast.ts';
import { walk } from '../../promql/walk.ts';
import type { GateQuery } from '../gate.ts';
import { conditionsOf, outcomeOf } from '../gate-conditions.ts';
import { findRatio, isSmoothed, unwrap } from '../ratio.ts';
import type { Rule } from '../rule.ts';

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
export function isNanWhenIdle(query: GateQuery | undefined): boolean {
  if (query?.expr === undefined) {
    return false;
  }
  const ratio = findRatio(query.expr);
  return ratio === undefined
    ? calls(query.expr, new Set(['histogram_quantile'])) && calls(query.expr, RATES)
    : calls(ratio.denominator, RATES) && !isGuarded(ratio.denominator);
}

/** Whether a condition speaks of NaN itself. */
export function asksForNan(expression: Expression | undefined): boolean {
  let found = false;
  if (expression !== undefined) {
    walkCondition(expression, (node) => {
      found ||= node.kind === 'call' && node.name === 'isNaN';
    });
  }
  return found;
}

const FALLS = {
  Failed: 'Failed: a release of an idle service is aborted',
  Successful: 'Successful: a release of an idle service is promoted unmeasured',
  Inconclusive: 'Inconclusive: a release of an idle service stops until somebody comes',
} as const;

export const queryIdleNan: Rule = {
  id: 'query/idle-nan',
  severity: 'error',
  why: 'Without requests the query is 0/0, which is NaN, and every comparison with NaN is false: at night, in staging and in a new namespace the gate decides by accident.',
  fix: 'Add the same small number to both sides, `(good + 0.5) / (all + 0.5)`: idle then reads 1, and one error alone fails no read.',
  *check({ gates }) {
    for (const gate of gates) {
      const conditions = conditionsOf(gate);
      if (!isNanWhenIdle(gate.query) || conditions.some(({ expression }) => asksForNan(expression))) {
        continue;
      }
      const phase = conditions.length === 0 ? undefined : outcomeOf(conditions, [Number.NaN])?.phase;
      if (phase !== undefined && phase !== 'Error' && gate.query !== undefined) {
        yield {
          manifest: gate.manifest,
          path: gate.query.path,
          message: `query must not be NaN without requests, which reads ${FALLS[phase]}`,
        };
      }
    }
  },
};
