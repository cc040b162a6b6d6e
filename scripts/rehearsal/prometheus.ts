import { textAt } from '../manifest/json.ts';
import type { Expr } from '../promql/ast.ts';
import { PromqlError } from '../promql/errors.ts';
import { evaluatePromql } from '../promql/evaluate.ts';
import { type Matcher, selectorMatchers } from '../promql/matcher.ts';
import type { SeriesStore } from '../promql/store.ts';
import { selectors } from '../promql/walk.ts';
import { type Answer, answerOf } from './judge.ts';
import { evaluateRange, resolveRange } from './range-query.ts';
import type { MeasuredMetric } from './read-metric.ts';
import { isOfDeployment } from './release.ts';
import type { Target } from './scraping.ts';
import type { Workload } from './workload.ts';

/** The error of a query while Prometheus is down. */
export const REFUSED: Answer = { error: 'Post "/api/v1/query": connect: connection refused' };

/** A metric's query to Prometheus, for one moment or a range. */
export type Question = Pick<MeasuredMetric, 'query' | 'expr' | 'range'>;

/** Evaluates a metric's query over `store` at `now` (seconds since the epoch); an error while Prometheus is down. */
export function askPrometheus({ expr, range }: Question, store: SeriesStore, now: number, isDown: boolean): Answer {
  const resolved = range && resolveRange(range, now);
  if (resolved !== undefined && 'error' in resolved) {
    return resolved;
  }
  if (isDown || expr === undefined) {
    return REFUSED;
  }
  try {
    return resolved === undefined
      ? answerOf(evaluatePromql(expr, store, Math.floor(now * 1000) / 1000))
      : evaluateRange(expr, store, resolved);
  } catch (error) {
    if (error instanceof PromqlError) {
      return { error: error.message };
    }
    throw error;
  }
}

/** The longest time in seconds that a workload's queries look back: range selectors and `rangeQuery.start`. */
export function lookBackSeconds({ metrics }: Pick<Workload, 'metrics'>): number {
  const spans = metrics.map(({ expr, range }) => {
    const windows = expr === undefined ? [] : selectors(expr).map(({ rangeSeconds = 0 }) => rangeSeconds);
    const resolved = range && resolveRange(range, 0);
    const start = resolved === undefined || 'error' in resolved ? 0 : Math.max(0, -resolved.start);
    return start + Math.max(0, ...windows);
  });
  return Math.max(0, ...spans);
}

/** The queries of a workload's metrics, each once. */
export function queriesOf({ metrics }: Pick<Workload, 'metrics'>): readonly Expr[] {
  return [...new Map(metrics.map(({ query, expr }) => [query, expr])).values()].filter((expr) => expr !== undefined);
}

/** The matchers of every selector in the queries: no query reads a series that matches none of them. */
export function askedMatchers(queries: readonly Expr[]): readonly (readonly Matcher[])[] {
  return queries.flatMap((query) => selectors(query).map(selectorMatchers));
}

/** A pod's name without that of its Rollout or Deployment in front, and its template hash; both end up in labels of its series. */
export interface NamedPod {
  readonly name: string;
  readonly hash: string;
}

/** The labels that tell a pod from others. */
export function identityOf(
  { namespace, name, container, deployment }: Workload,
  pod: NamedPod,
): ReadonlyMap<string, string> {
  const owner = isOfDeployment(pod.hash) ? (deployment?.name ?? name) : name;
  return new Map([
    ['namespace', namespace],
    ['pod', `${owner}-${pod.name}`],
    ['container', textAt(container.container, ['name']) ?? ''],
  ]);
}

/** The scrape targets of a pod, one for each monitor and Service. */
export function targetsOf(workload: Workload, pod: NamedPod): readonly Target[] {
  const identity = identityOf(workload, pod);
  return (workload.scraping?.targetsOf(pod.hash) ?? []).map((target) => ({
    ...target,
    labels: new Map([...identity, ...target.labels]),
  }));
}
