import { limitValue } from '../../argo/limit.ts';
import { at } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';

export const analysisBackgroundCount: Rule = {
  id: 'analysis/background-count',
  severity: 'warning',
  why: 'A background analysis that has had enough reads is Successful and is not started again: later and larger weights run unguarded.',
  fix: 'Delete the field: with `interval` alone the metric is read until the rollout ends.',
  *check({ metrics }) {
    for (const { manifest, path, metric, use } of metrics) {
      for (const field of ['count', 'consecutiveSuccessLimit']) {
        if (use?.isBackground && (limitValue(at(metric, [field])) ?? 0) > 0) {
          yield {
            manifest,
            path: [...path, field],
            message: `${field} must not be set on a metric of the background analysis of Rollout '${use.rollout.manifest.name}'`,
          };
        }
      }
    }
  },
};
