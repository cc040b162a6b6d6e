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
import type { Workload } from './workload.ts';

/** Nobody answers. */
export const REFUSED: Answer = { error: 'Post "/api/v1/query": connect: connection refused' };

/** What a metric asks Prometheus. */
export type Question = Pick<MeasuredMetric, 'query' | 'range'>;

/** What both worlds' Prometheus answers at `now` (seconds since the epoch); an error while it is down. */
export function askPrometheus(
  { query = '', range }: Question,
  queries: ReadonlyMap<string, Expr>,
  store: SeriesStore,
  now: number,
  isDown: boolean,
): Answer {
  const expr = queries.get(query);
  const resolved = range && resolveRange(range, now);
  if (resolved !== undefined && 'error' in resolved) {
    return resolved;
  }
  if (isDown) {
    return REFUSED;
  }
  if (expr === undefined) {
    return { error: 'the query is not known' };
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

/** Seconds before the present that a workload's queries look back, at most. */
export function lookBackSeconds({ metrics }: Pick<Workload, 'metrics'>, queries: ReadonlyMap<string, Expr>): number {
  const spans = metrics.map(({ query = '', range }) => {
    const expr = queries.get(query);
    const windows = expr === undefined ? [] : selectors(expr).map(({ rangeSeconds = 0 }) => rangeSeconds);
    const resolved = range && resolveRange(range, 0);
    const start = resolved === undefined || 'error' in resolved ? 0 : Math.max(0, -resolved.start);
    return start + Math.max(0, ...windows);
  });
  return Math.max(0, ...spans);
}

/** The matchers of every selector in the queries: what will ever be asked for. */
export function askedMatchers(queries: ReadonlyMap<string, Expr>): readonly (readonly Matcher[])[] {
  return [...queries.values()].flatMap((query) => selectors(query).map(selectorMatchers));
}

/** The labels that each scrape of a pod adds to its series: one for every Service that it is reached through. */
export function targetsOf(
  { scraping, namespace, name, container }: Workload,
  pod: { readonly name: string; readonly hash: string },
): readonly ReadonlyMap<string, string>[] {
  const own = [
    ['namespace', namespace],
    ['pod', `${name}-${pod.name}`],
    ['container', textAt(container.container, ['name']) ?? ''],
  ] as const;
  return (scraping?.targetsOf(pod.hash) ?? []).map((labels) => new Map([...own, ...labels]));
}
