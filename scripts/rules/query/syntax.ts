import { queriesOf } from '../query-list.ts';
import type { Rule } from '../rule.ts';

export const querySyntax: Rule = {
  id: 'query/syntax',
  severity: 'error',
  why: 'Prometheus refuses the query: every read of a gate is an Error and aborts every release, an alert never fires, a panel stays empty.',
  fix: 'Correct the expression; `promtool promql format` shows how Prometheus reads it.',
  *check(workspace) {
    for (const { manifest, path, what, error } of queriesOf(workspace)) {
      if (error !== undefined) {
        yield { manifest, path, message: `the query of ${what} must be PromQL: ${error}` };
      }
    }
  },
};
