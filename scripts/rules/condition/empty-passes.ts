import type { Expr } from '../../promql/ast.ts';
import { callsAll } from '../condition-calls.ts';
import { conditionsOf, isScalarQuery, outcomeOf } from '../conditions.ts';
import { unwrap } from '../ratio.ts';
import type { Rule } from '../rule.ts';

/** Whether an empty answer is good news: the query filters for what is bad. */
function filters(query: Expr | undefined): boolean {
  const expr = query && unwrap(query);
  return expr?.kind === 'binary' && (['and', 'unless'].includes(expr.op) || (/^[<>=!]/.test(expr.op) && !expr.bool));
}

export const conditionEmptyPasses: Rule = {
  id: 'condition/empty-passes',
  severity: 'warning',
  why: 'A gate that cannot see passes: without its series (a broken monitor, a renamed label, a release that only ever fails) every read is Successful.',
  fix: 'Leave the empty result an Error, and give the first scrapes time with `initialDelay`; let the service export its series at 0 from the start.',
  *check({ metrics }) {
    for (const used of metrics) {
      const conditions = conditionsOf(used);
      const [first] = conditions;
      if (
        first === undefined ||
        isScalarQuery(used) ||
        filters(used.query?.expr) ||
        conditions.some(({ expression }) => callsAll(expression))
      ) {
        continue;
      }
      if (outcomeOf(conditions, [])?.phase === 'Successful') {
        yield {
          manifest: used.manifest,
          path: first.path,
          message: `${first.field} must not hold for an empty result`,
        };
      }
    }
  },
};
