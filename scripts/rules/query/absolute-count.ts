import { isAbsoluteCount } from '../healthy-limit.ts';
import type { Rule } from '../rule.ts';

export const queryAbsoluteCount: Rule = {
  id: 'query/absolute-count',
  severity: 'warning',
  why: 'A number of errors has no share: a busy healthy service exceeds it with one request in a thousand, a quiet broken one stays below it.',
  fix: 'Divide by all requests: `sum(rate(…{code!~"5.."}[1m])) / sum(rate(…[1m]))`, smoothed as `(good + 0.5) / (all + 0.5)`.',
  *check({ metrics }) {
    for (const metric of metrics) {
      if (metric.query !== undefined && isAbsoluteCount(metric)) {
        yield {
          manifest: metric.manifest,
          path: metric.query.path,
          message: 'query must be a share of the requests, not a number of failures',
        };
      }
    }
  },
};
