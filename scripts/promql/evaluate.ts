import type { Expr } from './ast.ts';
import { type Compiled, compile } from './compile.ts';
import { MAX_SAMPLES, type Vector } from './evaluation.ts';
import type { Series, SeriesStore } from './store.ts';

/** The result of an instant query, with Prometheus' names for the types. */
export type PromqlResult =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly samples: Vector }
  | { readonly type: 'matrix'; readonly series: readonly Series[] };

export interface EvaluateOptions {
  /** How old the newest sample may be for an instant vector; seconds. Defaults to Prometheus' 300. */
  readonly lookbackSeconds?: number;
  /** The step of a subquery that names none; seconds. Defaults to Prometheus' evaluation interval, 60. */
  readonly subqueryStepSeconds?: number;
}

const known = new WeakMap<Expr, Compiled>();

/**
 * The result of an instant query at `timeSeconds`, as Prometheus 3 computes it for float series.
 * The samples of a vector are in no particular order, except after `sort`, `sort_desc`, `topk` and `bottomk`.
 * Throws `PromqlError` where Prometheus returns an error. `expr` must come from `parsePromql`, which has checked
 * its types; it is compiled at the first evaluation, so evaluate the same object again rather than parse again.
 */
export function evaluatePromql(
  expr: Expr,
  store: SeriesStore,
  timeSeconds: number,
  { lookbackSeconds = 300, subqueryStepSeconds = 60 }: EvaluateOptions = {},
): PromqlResult {
  const compiled = known.get(expr) ?? compile(expr);
  known.set(expr, compiled);
  const timeMs = Math.round(timeSeconds * 1000);
  const evaluation = {
    store,
    timeMs,
    queryTimeMs: timeMs,
    lookbackMs: Math.round(lookbackSeconds * 1000),
    subqueryStepMs: Math.round(subqueryStepSeconds * 1000),
    budget: { left: MAX_SAMPLES },
  };
  const { type } = compiled;
  switch (type) {
    case 'scalar':
      return { type, value: compiled.run(evaluation) };
    case 'vector':
      return { type, samples: compiled.run(evaluation) };
    case 'string':
      return { type, value: compiled.run };
    case 'matrix': {
      const series: Series[] = [];
      compiled.run(evaluation, (labels, { timesMs, values }) => {
        const samples = values.map((value, index) => ({ timeSeconds: (timesMs[index] ?? 0) / 1000, value }));
        series.push({ labels, samples });
      });
      return { type, series };
    }
    default:
      return type satisfies never;
  }
}
