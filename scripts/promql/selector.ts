import type { SelectorExpr, SubqueryExpr } from './ast.ts';
import { type Evaluation, type MatrixFunction, spend, type VectorFunction, type VectorSample } from './evaluation.ts';
import { type Labels, labelsKey } from './labels.ts';
import { selectorMatchers } from './matcher.ts';
import type { SeriesSample } from './store.ts';
import { newestSample, windowOf } from './window.ts';

/** The evaluation time of a selector or subquery, in milliseconds, after `offset` and `@`. */
function createReferenceTime({ at, offsetSeconds }: SelectorExpr | SubqueryExpr): (evaluation: Evaluation) => number {
  const offsetMs = Math.round(offsetSeconds * 1000);
  if (typeof at === 'number') {
    const fixedMs = Math.round(at * 1000) - offsetMs;
    return () => fixedMs;
  }
  if (at !== undefined) {
    return ({ queryTimeMs }) => queryTimeMs - offsetMs;
  }
  return ({ timeMs }) => timeMs - offsetMs;
}

/** The newest sample of every series that is not older than the lookback: its value, or its time in seconds (`read`). */
export function compileInstantSelector(expr: SelectorExpr, read: 'value' | 'time' = 'value'): VectorFunction {
  const matchers = selectorMatchers(expr);
  const referenceTime = createReferenceTime(expr);
  return (evaluation) => {
    const toMs = referenceTime(evaluation);
    const fromMs = toMs - evaluation.lookbackMs;
    const samples: VectorSample[] = [];
    for (const series of evaluation.store.select(matchers, fromMs / 1000, toMs / 1000)) {
      spend(evaluation, 1);
      const sample = newestSample(series, fromMs, toMs);
      if (sample !== undefined) {
        const value = read === 'value' ? sample.value : Math.round(sample.timeSeconds * 1000) / 1000;
        samples.push({ labels: series.labels, value });
      }
    }
    return samples;
  };
}

export function compileRangeSelector(expr: SelectorExpr): MatrixFunction {
  const matchers = selectorMatchers(expr);
  const referenceTime = createReferenceTime(expr);
  const rangeMs = Math.round((expr.rangeSeconds ?? 0) * 1000);
  return (evaluation, visit) => {
    const toMs = referenceTime(evaluation);
    const fromMs = toMs - rangeMs;
    for (const series of evaluation.store.select(matchers, fromMs / 1000, toMs / 1000)) {
      const window = windowOf(series, fromMs, toMs);
      spend(evaluation, 1 + window.values.length);
      if (window.values.length > 0) {
        visit(series.labels, window);
      }
    }
  };
}

/** Samples that each step of a subquery takes from the budget, even if it finds none, because a step takes time. */
const STEP_COST = 100;

/**
 * Evaluates `vector` at every whole multiple of the step within the range; the results of equal labels form one series.
 * Mirrors `runSubquery` in prometheus `promql/engine.go` (v0.313.2).
 */
export function compileSubquery(expr: SubqueryExpr, vector: VectorFunction): MatrixFunction {
  const referenceTime = createReferenceTime(expr);
  const rangeMs = Math.round(expr.rangeSeconds * 1000);
  return (evaluation, visit) => {
    const toMs = referenceTime(evaluation);
    const fromMs = toMs - rangeMs;
    const stepMs = expr.stepSeconds === undefined ? evaluation.subqueryStepMs : Math.round(expr.stepSeconds * 1000);
    const found = new Map<string, { readonly labels: Labels; readonly samples: SeriesSample[] }>();
    for (let timeMs = (Math.floor(fromMs / stepMs) + 1) * stepMs; timeMs <= toMs; timeMs += stepMs) {
      spend(evaluation, STEP_COST);
      for (const { labels, value } of vector({ ...evaluation, timeMs })) {
        const key = labelsKey(labels);
        const series = found.get(key) ?? { labels, samples: [] };
        found.set(key, series);
        series.samples.push({ timeSeconds: timeMs / 1000, value });
      }
    }
    for (const series of found.values()) {
      visit(series.labels, windowOf(series, fromMs, toMs));
    }
  };
}
