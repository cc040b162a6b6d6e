import { formatFloat } from '../go/float.ts';
import type { AggregateExpr, AggregateOp, Grouping } from './ast.ts';
import { PromqlError } from './errors.ts';
import type { ScalarFunction, Vector, VectorFunction, VectorSample } from './evaluation.ts';
import { greatest, least, mean, quantile, sum, variance } from './float.ts';
import { createGroupOf, type Group, type Labels, NO_LABELS, setLabel } from './labels.ts';
import { ranked } from './topk.ts';

type Reducer = (values: readonly number[], param: number) => number;

const REDUCERS: Readonly<Record<Exclude<AggregateOp, 'topk' | 'bottomk' | 'count_values'>, Reducer>> = {
  sum: (values) => sum(values),
  avg: (values) => mean(values),
  count: (values) => values.length,
  min: (values) => least(values),
  max: (values) => greatest(values),
  group: () => 1,
  stdvar: (values) => variance(values),
  stddev: (values) => Math.sqrt(variance(values)),
  quantile: (values, q) => quantile(q, values),
};

/** Undefined where all series belong to one group, without labels. */
const groupOfAll = (grouping: Grouping | undefined) =>
  grouping === undefined || (grouping.mode === 'by' && grouping.labels.length === 0)
    ? undefined
    : createGroupOf(grouping);

/** The groups of a vector, in the order in which their first series occur. */
function partition<T>(
  vector: Vector,
  groupOf: ((labels: Labels) => Group) | undefined,
  member: (sample: VectorSample) => T,
): readonly { readonly labels: Labels; readonly members: readonly T[] }[] {
  if (groupOf === undefined) {
    return vector.length === 0 ? [] : [{ labels: NO_LABELS, members: vector.map(member) }];
  }
  const groups = new Map<string, { readonly labels: Labels; readonly members: T[] }>();
  for (const sample of vector) {
    const { key, labels } = groupOf(sample.labels);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { labels, members: [member(sample)] });
    } else {
      group.members.push(member(sample));
    }
  }
  return [...groups.values()];
}

/** Compiles an aggregation whose parameter is a number, or that has none. Mirrors prometheus `promql/engine.go` (v0.313.2). */
export function compileAggregate(
  { op, grouping }: AggregateExpr,
  vector: VectorFunction,
  param: ScalarFunction | undefined,
): VectorFunction {
  if (op === 'count_values') {
    throw new TypeError('count_values takes a label, not a number');
  }
  const groupOf = groupOfAll(grouping);
  if (op === 'topk' || op === 'bottomk') {
    return (evaluation) => {
      const k = param?.(evaluation) ?? Number.NaN;
      const samples = vector(evaluation);
      if (k < 1) {
        return [];
      }
      if (Number.isNaN(k)) {
        throw new PromqlError('Parameter value is NaN');
      }
      if (k >= 2 ** 63) {
        throw new PromqlError(`Scalar value ${k} overflows int64`);
      }
      const groups = partition(samples, groupOf, (sample) => sample);
      return groups.flatMap(({ members }) => ranked(members, Math.trunc(k), op === 'topk'));
    };
  }
  const reduce = REDUCERS[op];
  return (evaluation) => {
    const value = param?.(evaluation) ?? Number.NaN;
    return partition(vector(evaluation), groupOf, (sample) => sample.value).map(({ labels, members }) => ({
      labels,
      value: reduce(members, value),
    }));
  };
}

/** Compiles `count_values("label", v)`: for each value, how many series have it. The label holds the value. */
export function compileCountValues({ grouping }: AggregateExpr, vector: VectorFunction, label: string): VectorFunction {
  const kept = grouping?.labels ?? [];
  // Grouping by labels always keeps the one that holds the value.
  const groupOf = createGroupOf(grouping?.mode === 'without' ? grouping : { mode: 'by', labels: [...kept, label] });
  if (label === '') {
    throw new PromqlError("invalid label name ''");
  }
  return (evaluation) => {
    const samples = vector(evaluation).map(({ labels, value }) => ({
      labels: setLabel(labels, label, formatFloat(value)),
      value,
    }));
    return partition(samples, groupOf, () => 1).map(({ labels, members }) => ({ labels, value: members.length }));
  };
}
