import { parseGoDuration } from '../argo/duration.ts';
import { ConditionError, ConditionSyntaxError } from '../condition/errors.ts';
import { evaluateTime } from '../condition/evaluate.ts';
import type { Expr } from '../promql/ast.ts';
import { evaluatePromql } from '../promql/evaluate.ts';
import { labelsKey, NO_LABELS } from '../promql/labels.ts';
import type { SeriesStore } from '../promql/store.ts';
import type { Answer } from './judge.ts';

/** A metric's `rangeQuery` as written: two expressions of time and a duration. */
export interface RangeQuery {
  readonly start: string;
  readonly end: string;
  readonly step: string;
}

/** Times in seconds since the epoch, the step in seconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Most points per series that Prometheus allows in a range query. */
const MOST_POINTS = 11_000;

/**
 * The range to query at `now` (seconds since the epoch), or why the measurement is an Error. Mirrors `executeQuery` in
 * argo-rollouts `metricproviders/prometheus/prometheus.go` (v1.10.2), and Prometheus' own checks.
 */
export function resolveRange({ start, end, step }: RangeQuery, now: number): Range | { readonly error: string } {
  let part = 'start as time';
  try {
    const from = evaluateTime(start, now);
    part = 'end as time';
    const until = evaluateTime(end, now);
    part = 'step as duration';
    const range = { start: from, end: until, step: parseGoDuration(step) };
    const problem = problemOf(range);
    return problem === undefined ? range : { error: `bad_data: ${problem}` };
  } catch (error) {
    if (!(error instanceof ConditionError || error instanceof ConditionSyntaxError || error instanceof RangeError)) {
      throw error;
    }
    const message = error instanceof RangeError ? `time: ${error.message}` : error.message;
    return { error: `failed to parse rangeQuery.${part}: ${message}` };
  }
}

function problemOf({ start, end, step }: Range): string | undefined {
  if (end < start) {
    return 'invalid parameter "end": end timestamp must not be before start time';
  }
  if (step <= 0) {
    return 'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer';
  }
  return (end - start) / step > MOST_POINTS
    ? 'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)'
    : undefined;
}

/** All values of a range query, series by series: the provider drops their labels and times. */
export function evaluateRange(expr: Expr, store: SeriesStore, { start, end, step }: Range): Answer {
  const series = new Map<string, number[]>();
  for (let index = 0; start + index * step <= end; index += 1) {
    const result = evaluatePromql(expr, store, start + index * step);
    if (result.type !== 'scalar' && result.type !== 'vector') {
      const type = result.type === 'matrix' ? 'range vector' : result.type;
      return { error: `bad_data: invalid expression type "${type}" for range query, must be Scalar or instant Vector` };
    }
    const samples = result.type === 'vector' ? result.samples : [{ labels: NO_LABELS, value: result.value }];
    for (const { labels, value } of samples) {
      const key = labelsKey(labels);
      const values = series.get(key) ?? [];
      values.push(value);
      series.set(key, values);
    }
  }
  return [...series].sort(([left], [right]) => (left < right ? -1 : 1)).flatMap(([, values]) => values);
}
