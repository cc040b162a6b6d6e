import type { Expr } from '../../promql/ast.ts';
import type { LiveMetric } from '../live.ts';
import { type LiveSelector, liveSelectors } from '../live-selectors.ts';
import type { Rule } from '../rule.ts';

const NEEDS_COUNTER = ['rate', 'irate', 'increase', 'resets'];
const NEEDS_GAUGE = ['delta', 'idelta', 'deriv', 'predict_linear'];

export const liveType: Rule = {
  id: 'live/type',
  severity: 'warning',
  why: 'The function rate() takes every fall of a value for a restart: of a gauge it reads nonsense. delta() of a counter reads a restart as a fall.',
  fix: 'Use rate() and increase() for counters and for the parts of histograms, delta() and the like for gauges.',
  *check(workspace) {
    for (const found of liveSelectors(workspace)) {
      const problem = found.metric === undefined ? undefined : misuse(found, found.metric);
      if (problem !== undefined) {
        yield { manifest: found.query.manifest, path: found.query.path, message: `${found.query.what} ${problem}` };
      }
    }
  },
};

function misuse({ name, ancestors }: LiveSelector, metric: LiveMetric): string | undefined {
  const { type } = metric;
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
