import type { Expr } from '../../promql/ast.ts';
import { walk } from '../../promql/walk.ts';
import { queriesOf } from '../query-list.ts';
import { findRatio } from '../ratio.ts';
import type { Rule } from '../rule.ts';

function hasCall(expr: Expr, func: string): boolean {
  let found = false;
  walk(expr, (node) => {
    found ||= node.kind === 'call' && node.func === func;
  });
  return found;
}

export const queryClampMin: Rule = {
  id: 'query/clamp-min',
  severity: 'warning',
  why: 'It divides by more than there was: with 0.04 requests a second that all fail, `clamp_min(…, 1)` reads 4 % errors, which passes.',
  fix: 'Add the same small number to both sides instead: `(good + 0.5) / (all + 0.5)`.',
  *check(workspace) {
    for (const { manifest, path, expr, used } of queriesOf(workspace)) {
      const ratio = used === undefined || expr === undefined ? undefined : findRatio(expr);
      if (ratio !== undefined && hasCall(ratio.denominator, 'clamp_min')) {
        yield { manifest, path, message: 'query must not divide by clamp_min()' };
      }
    }
  },
};
