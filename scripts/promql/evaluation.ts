import { PromqlError } from './errors.ts';
import { type Labels, labelsKey, withoutMetadata } from './labels.ts';
import type { SeriesStore } from './store.ts';
import type { Window } from './window.ts';

/** The moment and the data of one evaluation; times are whole milliseconds, as inside Prometheus. */
export interface Evaluation {
  readonly store: SeriesStore;
  readonly timeMs: number;
  /** The time of the whole query, which `@ start()` and `@ end()` mean even inside a subquery. */
  readonly queryTimeMs: number;
  readonly lookbackMs: number;
  /** The step of a subquery that names none. */
  readonly subqueryStepMs: number;
  /** How many samples the query may still read. */
  readonly budget: { left: number };
}

/** What Prometheus allows a query by default (`--query.max-samples`). */
export const MAX_SAMPLES = 50_000_000;

/**
 * Takes samples from the query's budget. Throws `PromqlError` when too few are left. Prometheus also ends a query after two minutes: in
 * place of that limit, the samples of all steps of a subquery are added up here.
 */
export function spend({ budget }: Evaluation, samples: number): void {
  budget.left -= samples;
  if (budget.left < 0) {
    throw new PromqlError('query processing would load too many samples into memory in query execution');
  }
}

export interface VectorSample {
  readonly labels: Labels;
  readonly value: number;
}

export type Vector = readonly VectorSample[];

/** Expressions are compiled once into functions of the evaluation. */
export type ScalarFunction = (evaluation: Evaluation) => number;
export type VectorFunction = (evaluation: Evaluation) => Vector;
/** Visits every series that has samples in its window. */
export type MatrixFunction = (evaluation: Evaluation, visit: (labels: Labels, window: Window) => void) => void;

/** What an expression of each type is compiled into; a text is always a constant. */
export interface FunctionOf {
  readonly scalar: ScalarFunction;
  readonly vector: VectorFunction;
  readonly matrix: MatrixFunction;
  readonly string: string;
}

/** The vector, unless two of its samples have the same labels: Prometheus calls that an error. */
export function distinct(vector: Vector): Vector {
  if (vector.length > 1 && new Set(vector.map(({ labels }) => labelsKey(labels))).size < vector.length) {
    throw new PromqlError('vector cannot contain metrics with the same labelset');
  }
  return vector;
}

/** Collects samples and drops their metric names. `finish` throws `PromqlError` if two of them have the same labels then. */
export function createUnnamedVector(): { readonly add: (labels: Labels, value: number) => void; finish(): Vector } {
  const samples: VectorSample[] = [];
  let dropped: string | undefined;
  let isMixed = false;
  return {
    add(labels, value) {
      const unnamed = withoutMetadata(labels);
      dropped ??= unnamed.dropped;
      if (dropped !== unnamed.dropped) {
        isMixed = true;
      }
      samples.push({ labels: unnamed.labels, value });
    },
    // Series of one name differ in their other labels, so they stay different.
    finish: () => (isMixed ? distinct(samples) : samples),
  };
}
