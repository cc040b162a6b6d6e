import { formatDuration } from '../../promql/format.ts';
import { selectors } from '../../promql/walk.ts';
import { asksForNan } from '../condition-calls.ts';
import { conditionsOf } from '../conditions.ts';
import type { Rule } from '../rule.ts';
import { readIn } from '../service-states.ts';

/** Requests that a quiet service gets in one window. */
const REQUESTS = 5;

export const queryOneError: Rule = {
  id: 'query/one-error',
  severity: 'warning',
  why: 'On a quiet canary one unlucky error fails a read, and the window still holds it at the next: the same error fails two reads and aborts a healthy release.',
  fix: 'Add the same small number to both sides, `(good + 0.5) / (all + 0.5)`, so that one error alone fails no read.',
  *check({ metrics }) {
    for (const used of metrics) {
      const { query, intervalSeconds = Number.POSITIVE_INFINITY } = used;
      const selected = query?.expr === undefined ? [] : selectors(query.expr);
      const window = Math.max(...selected.flatMap(({ rangeSeconds }) => rangeSeconds ?? []));
      const phaseWith = (errors: number) =>
        readIn(used, {
          requestsPerSecond: REQUESTS / window,
          canaryFailures: errors / REQUESTS,
          stableFailures: errors / REQUESTS,
          isBornComplete: true,
        })?.phase;
      // Conditions without isNaN() are left to query/idle-nan, which has the same fix.
      if (
        query !== undefined &&
        window > intervalSeconds &&
        conditionsOf(used).some(({ expression }) => asksForNan(expression)) &&
        phaseWith(0) === 'Successful' &&
        phaseWith(1) === 'Failed'
      ) {
        yield {
          manifest: used.manifest,
          path: query.path,
          message: `a window of ${formatDuration(window)}, read every ${formatDuration(intervalSeconds)}, must not judge one error twice`,
        };
      }
    }
  },
};
