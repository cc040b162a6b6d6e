import { PromqlError, PromqlSyntaxError } from '../promql/errors.ts';
import { evaluatePromql, type PromqlResult } from '../promql/evaluate.ts';
import { labelsKey } from '../promql/labels.ts';
import { parsePromql } from '../promql/parse.ts';
import { createSeriesStore } from '../promql/store.ts';
import { compare, type Difference, type JsonNumber, numberOf } from './check.ts';

type WrittenLabels = Readonly<Record<string, string>>;

interface PromqlCase {
  readonly load?: readonly {
    readonly series: WrittenLabels;
    readonly samples: readonly (readonly [timeSeconds: number, value: JsonNumber | 'stale'])[];
  }[];
  readonly query: string;
  readonly time: number;
  /** The response of Prometheus 3, absent for an error. In the file, `prom2` is the response of 2.54, which is ignored. */
  readonly result?: {
    readonly type: string;
    readonly vector?: readonly { readonly labels: WrittenLabels; readonly value: JsonNumber }[];
    readonly scalar?: JsonNumber;
  };
}

/** Where Prometheus returned an error, any error will do. The order of a vector's samples counts only if the query sorts. */
export function checkPromql(vector: PromqlCase): Difference | undefined {
  const { result, query } = vector;
  if (result === undefined) {
    return compare('an error', answer(vector) instanceof Error ? 'an error' : 'an answer');
  }
  const got = answer(vector);
  if (got instanceof Error || got.type !== result.type) {
    return { wanted: result, got };
  }
  if (got.type === 'scalar') {
    return compare(numberOf(result.scalar ?? 'NaN'), got.value);
  }
  if (got.type !== 'vector') {
    return undefined;
  }
  const isSorted = /^sort/.test(query);
  const inOrder = (list: readonly { readonly key: string; readonly value: number }[]) =>
    isSorted ? list : list.toSorted((left, right) => (left.key < right.key ? -1 : 1));
  const wanted = (result.vector ?? []).map(({ labels, value }) => ({
    key: labelsKey(new Map(Object.entries(labels))),
    value: numberOf(value),
  }));
  return compare(inOrder(wanted), inOrder(got.samples.map(({ labels, value }) => ({ key: labelsKey(labels), value }))));
}

function answer({ load = [], query, time }: PromqlCase): PromqlResult | Error {
  const series = load.map(({ series: labels, samples }) => ({
    labels: new Map(Object.entries(labels)),
    samples: samples.map(([timeSeconds, value]) => ({
      timeSeconds,
      value: value === 'stale' ? value : numberOf(value),
    })),
  }));
  try {
    return evaluatePromql(parsePromql(query), createSeriesStore(series), time);
  } catch (error) {
    if (error instanceof PromqlSyntaxError || error instanceof PromqlError) {
      return error;
    }
    throw error;
  }
}
