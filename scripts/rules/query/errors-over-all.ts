import { selectors } from '../../promql/walk.ts';
import { queriesOf } from '../query-list.ts';
import { findRatio, hasFallback, selectsErrors } from '../ratio.ts';
import type { Rule } from '../rule.ts';

export const queryErrorsOverAll: Rule = {
  id: 'query/errors-over-all',
  severity: 'error',
  why: 'Until the first 5xx most services have no such series: the ratio is empty, each read an Error, and a healthy release is aborted after 40 s.',
  fix: 'Divide what did not fail by all: `code!~"5.."` over everything; or add `or vector(0)` to the errors.',
  *check(workspace) {
    for (const { manifest, path, expr, used } of queriesOf(workspace)) {
      const ratio = used === undefined || expr === undefined ? undefined : findRatio(expr);
      const isErrors =
        ratio !== undefined && selectors(ratio.numerator).length > 0 && selectors(ratio.numerator).every(selectsErrors);
      // A constant added to an empty side leaves it empty; only a fallback fills it.
      if (isErrors && !hasFallback(ratio.numerator) && expr !== undefined && !hasFallback(expr)) {
        yield { manifest, path, message: 'query must not divide only failed requests by all of them' };
      }
    }
  },
};
