import { selectors } from '../../promql/walk.ts';
import { queriesOf } from '../query-list.ts';
import type { Rule } from '../rule.ts';

export const queryEventloopLag: Rule = {
  id: 'query/eventloop-lag',
  severity: 'warning',
  why: 'That gauge is measured by the scrape itself, at the moment of the scrape: it says nothing of the time between.',
  fix: 'Ask for `nodejs_eventloop_lag_p99_seconds`, which covers all the time since the last scrape.',
  *check(workspace) {
    for (const { manifest, path, what, expr } of queriesOf(workspace)) {
      if (expr !== undefined && selectors(expr).some(({ name }) => name === 'nodejs_eventloop_lag_seconds')) {
        yield { manifest, path, message: `the query of ${what} must not read nodejs_eventloop_lag_seconds` };
      }
    }
  },
};
