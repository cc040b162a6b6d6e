import { limitValue } from '../../argo/limit.ts';
import { at } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';

export const analysisSingleRead: Rule = {
  id: 'analysis/single-read',
  severity: 'error',
  why: 'Without `interval` the metric is read once, and one failed read does not exceed a `failureLimit` of 1 or more: it can never fail.',
  fix: 'Add `interval`, such as 30s.',
  *check({ metrics }) {
    for (const { manifest, path, metric, failureLimit, intervalSeconds } of metrics) {
      if (
        intervalSeconds === undefined &&
        at(metric, ['interval']) === undefined &&
        failureLimit > 0 &&
        (limitValue(at(metric, ['count'])) ?? 0) <= 1
      ) {
        yield {
          manifest,
          path: [...path, 'failureLimit'],
          message: `failureLimit ${failureLimit} must have an \`interval\` beside it`,
        };
      }
    }
  },
};
