import type { Expr, LabelMatcher } from '../../promql/ast.ts';
import { compileMatcher } from '../../promql/matcher.ts';
import { type LiveSelector, liveSelectors } from '../live-selectors.ts';
import { each, type Rule } from '../rule.ts';

export const liveMetric: Rule = {
  id: 'live/metric',
  severity: 'error',
  why: 'A query over a metric that nobody exposes is always empty: a gate’s read is an Error, an alert never fires, a panel shows nothing.',
  fix: 'Name a metric that the app exposes from its start, or have it expose this one.',
  check: each(liveSelectors, function* ({ what, name, exposed }, { live }) {
    if (exposed === undefined) {
      const family = `${name.split('_')[0]}_`;
      const alike = [...(live?.metrics.keys() ?? [])].filter((other) => other.startsWith(family)).slice(0, 6);
      const fix = alike.length > 0 ? { fix: `Name one that it does expose: ${alike.join(', ')}.` } : {};
      yield { message: `${what} must ask for metrics that exist; ${live?.address} does not expose '${name}'`, ...fix };
    }
  }),
};

export const liveLabel: Rule = {
  id: 'live/label',
  severity: 'error',
  why: 'A label that no series has matches nothing when it is asked for, and everything when it is excluded: code!~"5.." over a metric whose label is `status` is always 100 %.',
  fix: 'Name a label that the metric has; `verify` takes those that the monitors here add for granted.',
  check: each(liveSelectors, function* ({ what, name, exposed, matchers }) {
    const labels = new Set(exposed?.series.flatMap((series) => [...series.keys()]));
    labels.delete('__name__');
    const has = [...labels].sort().join(', ') || 'none';
    for (const { label } of exposed === undefined ? [] : matchers) {
      if (!labels.has(label)) {
        yield { message: `${what} must select '${name}' by labels that it has (${has}), not '${label}'` };
      }
    }
  }),
};

export const liveValue: Rule = {
  id: 'live/value',
  severity: 'error',
  why: 'A value that no series has selects nothing, and excluding it excludes nothing. Where it only comes with the first such request, the first burst is invisible too: rate() needs the 0 before it.',
  fix: 'Write a value that the label has, or have the app expose the series at 0 from its start.',
  check: each(liveSelectors, function* ({ what, name, exposed, matchers }) {
    for (const matcher of matchers) {
      const values = [...new Set(exposed?.series.flatMap((labels) => labels.get(matcher.label) ?? []))].sort();
      if (values.length > 0 && !tells(matcher, values)) {
        const { label, op, value } = matcher;
        const effect = `${op.startsWith('!') ? 'excludes' : 'selects'} none of ${listed(values)}`;
        yield { message: `${what} must select '${name}' by values that exist: ${label}${op}"${value}" ${effect}` };
      }
    }
  }),
};

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

export const liveType: Rule = {
  id: 'live/type',
  severity: 'warning',
  why: 'The function rate() takes every fall of a value for a restart: of a gauge it reads nonsense. delta() of a counter reads a restart as a fall.',
  fix: 'Use rate() and increase() for counters and for the parts of histograms, delta() and the like for gauges.',
  check: each(liveSelectors, function* (selector) {
    const problem = misuse(selector);
    if (problem !== undefined) {
      yield { message: `${selector.what} ${problem}` };
    }
  }),
};

const NEEDS_COUNTER = ['rate', 'irate', 'increase', 'resets'];
const NEEDS_GAUGE = ['delta', 'idelta', 'deriv', 'predict_linear'];

function misuse({ name, ancestors, exposed }: LiveSelector): string | undefined {
  const type = exposed?.type;
  const parent = functionOf(ancestors.at(-1));
  if (type === undefined || type === 'unknown') {
    return undefined;
  }
  const grows = type === 'counter' || (/^(histogram|summary)$/.test(type) && /_(bucket|sum|count)$/.test(name));
  if (NEEDS_COUNTER.includes(parent) && !grows) {
    return `must not apply ${parent}() to '${name}', which is a ${type}`;
  }
  if (NEEDS_GAUGE.includes(parent) && grows) {
    return `must not apply ${parent}() to '${name}', which only grows`;
  }
  if (ancestors.some((one) => functionOf(one) === 'histogram_quantile') && !name.endsWith('_bucket')) {
    return `must give histogram_quantile() the '_bucket' series of a histogram, not '${name}'`;
  }
  return undefined;
}

function functionOf(expr: Expr | undefined): string {
  return expr?.kind === 'call' ? expr.func : '';
}
