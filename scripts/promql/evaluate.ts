import { bare, type Expr } from './ast.ts';
import { valueType } from './check.ts';
import { compileMatrix, compileScalar, compileVector } from './compile.ts';
import { createBudget, type Evaluation, type Vector } from './evaluation.ts';
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

const compiled = new WeakMap<Expr, (evaluation: Evaluation) => PromqlResult>();

function compile(expr: Expr): (evaluation: Evaluation) => PromqlResult {
  const type = valueType(expr);
  switch (type) {
    case 'scalar': {
      const scalar = compileScalar(expr);
      return (evaluation) => ({ type, value: scalar(evaluation) });
    }
    case 'vector': {
      const vector = compileVector(expr);
      return (evaluation) => ({ type, samples: vector(evaluation) });
    }
    case 'matrix': {
      const matrix = compileMatrix(expr);
      return (evaluation) => {
        const series: Series[] = [];
        matrix(evaluation, (labels, { timesMs, values }) => {
          const samples = values.map((value, index) => ({ timeSeconds: (timesMs[index] ?? 0) / 1000, value }));
          series.push({ labels, samples });
        });
        return { type, series };
      };
    }
    case 'string': {
      const literal = bare(expr);
      const value = literal.kind === 'string' ? literal.value : '';
      return () => ({ type, value });
    }
    default:
      return type satisfies never;
  }
}

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
  let evaluate = compiled.get(expr);
  if (evaluate === undefined) {
    evaluate = compile(expr);
    compiled.set(expr, evaluate);
  }
  const timeMs = Math.round(timeSeconds * 1000);
  return evaluate({
    store,
    timeMs,
    queryTimeMs: timeMs,
    lookbackMs: Math.round(lookbackSeconds * 1000),
    subqueryStepMs: Math.round(subqueryStepSeconds * 1000),
    budget: createBudget(),
  });
}
