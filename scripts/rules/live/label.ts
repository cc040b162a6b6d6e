import type { LiveMetric } from '../live.ts';
import { liveSelectors } from '../live-selectors.ts';
import type { Rule } from '../rule.ts';

export const liveLabel: Rule = {
  id: 'live/label',
  severity: 'error',
  why: 'A label that no series has matches nothing when it is asked for, and everything when it is excluded: code!~"5.." over a metric whose label is `status` is always 100 %.',
  fix: 'Name a label that the metric has; `verify` takes those that the monitors here add for granted.',
  *check(workspace) {
    for (const { query, name, metric, matchers } of liveSelectors(workspace)) {
      const labels = metric === undefined ? undefined : labelsOf(metric);
      for (const { label } of labels === undefined ? [] : matchers) {
        if (!labels?.has(label)) {
          yield {
            manifest: query.manifest,
            path: query.path,
            message: `${query.what} must select '${name}' by labels that it has (${[...(labels ?? [])].sort().join(', ') || 'none'}), not '${label}'`,
          };
        }
      }
    }
  },
};

function labelsOf({ series }: LiveMetric): ReadonlySet<string> {
  return new Set(series.flatMap((labels) => [...labels.keys()].filter((label) => label !== '__name__')));
}
