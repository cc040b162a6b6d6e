import { formatDuration } from '../../promql/format.ts';
import { selectors } from '../../promql/walk.ts';
import { asksForNan } from '../condition-calls.ts';
import { conditionsOf } from '../conditions.ts';
import { isNanWhenIdle } from '../idle-query.ts';
import { findRatio } from '../ratio.ts';
import type { Rule } from '../rule.ts';

export const queryOneError: Rule = {
  id: 'query/one-error',
  severity: 'warning',
  why: 'On a quiet canary one unlucky error fails a read, and the window still holds it at the next: the same error fails two reads and aborts a healthy release.',
  fix: 'Add the same small number to both sides, `(good + 0.5) / (all + 0.5)`, so that one error alone fails no read.',
  *check({ metrics }) {
    for (const used of metrics) {
      const { query, intervalSeconds } = used;
      // A ratio that is NaN when idle, and no word about it, is told by another rule, with the same remedy.
      const isBare = query?.expr !== undefined && isNanWhenIdle(used) && findRatio(query.expr) !== undefined;
      if (
        !isBare ||
        query?.expr === undefined ||
        intervalSeconds === undefined ||
        !conditionsOf(used).some(({ expression }) => asksForNan(expression))
      ) {
        continue;
      }
      const window = Math.max(...selectors(query.expr).flatMap(({ rangeSeconds }) => rangeSeconds ?? []));
      if (window > intervalSeconds) {
        yield {
          manifest: used.manifest,
          path: query.path,
          message: `a window of ${formatDuration(window)}, read every ${formatDuration(intervalSeconds)}, must not judge one error twice`,
        };
      }
    }
  },
};
