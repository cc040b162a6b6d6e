import type { LabelMatcher } from '../../promql/ast.ts';
import { compileMatcher } from '../../promql/matcher.ts';
import type { LiveMetric } from '../live.ts';
import { liveSelectors } from '../live-selectors.ts';
import type { Rule } from '../rule.ts';

export const liveValue: Rule = {
  id: 'live/value',
  severity: 'error',
  why: 'A value that no series has selects nothing, and excluding it excludes nothing. Where it only comes with the first such request, the first burst is invisible too: rate() needs the 0 before it.',
  fix: 'Write a value that the label has, or have the app expose the series at 0 from its start.',
  *check(workspace) {
    for (const { query, name, metric, matchers } of liveSelectors(workspace)) {
      for (const matcher of metric === undefined ? [] : matchers) {
        const values = metric === undefined ? [] : valuesOf(metric, matcher.label);
        if (values.length > 0 && !tells(matcher, values)) {
          const { label, op, value } = matcher;
          yield {
            manifest: query.manifest,
            path: query.path,
            message: `${query.what} must select '${name}' by values that exist: ${label}${op}"${value}" ${op.startsWith('!') ? 'excludes' : 'selects'} none of ${listed(values)}`,
          };
        }
      }
    }
  },
};

function valuesOf({ series }: LiveMetric, label: string): readonly string[] {
  return [...new Set(series.flatMap((labels) => labels.get(label) ?? []))].sort();
}

/** Whether a matcher selects or excludes at least one of the values. True for one that is about the empty value: `!=""`. */
function tells({ label, op, value }: LabelMatcher, values: readonly string[]): boolean {
  const positive = { label, op: op === '!=' ? '=' : op === '!~' ? '=~' : op, value } as const;
  const { matches } = compileMatcher(positive);
  return matches('') || values.some(matches);
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, 12).map((value) => JSON.stringify(value));
  return `${shown.join(', ')}${values.length > shown.length ? ` and ${values.length - shown.length} more` : ''}`;
}
