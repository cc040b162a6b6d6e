import { absentLabels } from './absent.ts';
import type { Expr, ValueType } from './ast.ts';
import { CALENDAR_FUNCTIONS } from './calendar.ts';
import {
  createUnnamedVector,
  type FunctionOf,
  type MatrixFunction,
  type ScalarFunction,
  type VectorFunction,
  type VectorSample,
} from './evaluation.ts';
import { quantile } from './float.ts';
import { bucketFraction, bucketQuantile, compilePerHistogram } from './histogram.ts';
import { compileLabelJoin, compileLabelReplace } from './label-functions.ts';
import { NO_LABELS } from './labels.ts';
import { MATH_FUNCTIONS, PARAMETER_FUNCTIONS } from './math-functions.ts';
import { OVER_TIME_FUNCTIONS, predictLinear } from './over-time.ts';
import { compileOverRange, RATE_FUNCTIONS, type RangeFunction } from './rate.ts';
import { compileInstantSelector } from './selector.ts';
import { compareValues } from './topk.ts';

export interface PromqlFunction {
  readonly args: readonly ValueType[];
  /** How many arguments after the first `args.length - 1` are allowed: 0 means exactly `args`, -1 any number. */
  readonly variadic: number;
  readonly returns: 'scalar' | 'vector';
  /** `exprs` are the arguments as written, without their parentheses. */
  readonly compile: (args: readonly FunctionOf[ValueType][], exprs: readonly Expr[]) => ScalarFunction | VectorFunction;
}

/** Compiled arguments of these types, which `checked` has counted. */
type Args<Types extends readonly ValueType[]> = { readonly [K in keyof Types]: FunctionOf[Types[K]] };

const define = <const Types extends readonly ValueType[]>(
  args: Types,
  compile: (args: Args<Types>, exprs: readonly [Expr]) => VectorFunction,
  variadic = 0,
): PromqlFunction => ({ args, variadic, returns: 'vector', compile: compile as PromqlFunction['compile'] });

const defineScalar = <const Types extends readonly ValueType[]>(
  args: Types,
  compile: (args: Args<Types>) => ScalarFunction,
): PromqlFunction => ({ args, variadic: 0, returns: 'scalar', compile: compile as PromqlFunction['compile'] });

type Change = (value: number, params: readonly number[]) => number | undefined;

/** A function that maps each value on its own; further arguments are scalars. Functions of dates default to the evaluation time. */
const ofValues = (change: Change, params: readonly 'scalar'[] = [], variadic = 0) =>
  define(
    ['vector', ...params],
    ([vector = wholeTime, ...scalars]) => compileMap(vector, change, scalars as readonly ScalarFunction[]),
    variadic,
  );

/** A function over the window of each series. `isNamed`: the metric keeps its name. */
const overRange = (range: RangeFunction, isNamed = false) =>
  define(['matrix'], ([matrix]) => compileOverRange(range, matrix, () => Number.NaN, isNamed));

const mapEntries = <Value>(record: Readonly<Record<string, Value>>, make: (value: Value) => PromqlFunction) =>
  Object.entries(record).map(([name, value]) => [name, make(value)] as const);

const nativeHistograms = 'histogram_avg histogram_count histogram_sum histogram_stddev histogram_stdvar'.split(' ');

/**
 * The functions of Prometheus 3, without those behind `promql-experimental-functions`. Source of their types:
 * `promql/parser/functions.go` (prometheus v0.313.2).
 */
export const FUNCTIONS: ReadonlyMap<string, PromqlFunction> = new Map<string, PromqlFunction>([
  ...mapEntries(MATH_FUNCTIONS, (change) => ofValues(change)),
  ...mapEntries(CALENDAR_FUNCTIONS, (change) => ofValues(change, [], 1)),
  ...mapEntries({ ...RATE_FUNCTIONS, ...OVER_TIME_FUNCTIONS }, (range) => overRange(range)),
  ...Object.entries({
    round: ofValues(PARAMETER_FUNCTIONS.round, ['scalar'], 1),
    clamp: ofValues(PARAMETER_FUNCTIONS.clamp, ['scalar', 'scalar']),
    clamp_min: ofValues(PARAMETER_FUNCTIONS.clamp_min, ['scalar']),
    clamp_max: ofValues(PARAMETER_FUNCTIONS.clamp_max, ['scalar']),
    // It keeps the metric's name, unlike the others: it is only a longer lookback.
    last_over_time: overRange(({ values }) => values.at(-1), true),
    predict_linear: define(['matrix', 'scalar'], ([matrix, seconds]) =>
      compileOverRange(predictLinear, matrix, seconds, false),
    ),
    quantile_over_time: define(['scalar', 'matrix'], ([q, matrix]) =>
      compileOverRange(({ values }, share) => quantile(share, values), matrix, q, false),
    ),
    absent: define(['vector'], ([vector], [arg]) => compileAbsent(arg, vector)),
    absent_over_time: define(['matrix'], ([matrix], [arg]) => compileAbsent(arg, presentIn(matrix))),
    sort: define(['vector'], ([vector]) => compileSort(vector, false)),
    sort_desc: define(['vector'], ([vector]) => compileSort(vector, true)),
    timestamp: define(['vector'], ([vector], [arg]) =>
      compileMap(arg.kind === 'selector' ? compileInstantSelector(arg, 'time') : atTime(vector), (at) => at, []),
    ),
    label_replace: define(['vector', 'string', 'string', 'string', 'string'], compileLabelReplace),
    label_join: define(['vector', 'string', 'string', 'string'], compileLabelJoin, -1),
    histogram_quantile: define(['scalar', 'vector'], ([q, vector]) => compilePerHistogram(vector, bucketQuantile, [q])),
    histogram_fraction: define(['scalar', 'scalar', 'vector'], ([from, to, vector]) =>
      compilePerHistogram(vector, bucketFraction, [from, to]),
    ),
    scalar: defineScalar(['vector'], ([vector]) => compileScalarOf(vector)),
    pi: defineScalar([], () => () => Math.PI),
    time: defineScalar([], () => (evaluation) => evaluation.timeMs / 1000),
    vector: define(['scalar'], ([scalar]) => compileVectorOf(scalar)),
  }),
  // They return values for native histograms only, and every sample here is a float.
  ...nativeHistograms.map((name) => [name, ofValues(() => undefined)] as const),
]);

const compileVectorOf =
  (scalar: ScalarFunction): VectorFunction =>
  (evaluation) => [{ labels: NO_LABELS, value: scalar(evaluation) }];

/** The evaluation time in whole seconds. */
const wholeTime = compileVectorOf(({ timeMs }) => Math.floor(timeMs / 1000));

/** The samples at the evaluation time, in seconds. */
const atTime =
  (vector: VectorFunction): VectorFunction =>
  (evaluation) =>
    vector(evaluation).map(({ labels }): VectorSample => ({ labels, value: evaluation.timeMs / 1000 }));

const presentIn =
  (matrix: MatrixFunction): VectorFunction =>
  (evaluation) => {
    const samples: VectorSample[] = [];
    matrix(evaluation, (labels) => samples.push({ labels, value: 1 }));
    return samples;
  };

function compileScalarOf(vector: VectorFunction): ScalarFunction {
  return (evaluation) => {
    const [sample, ...others] = vector(evaluation);
    return sample === undefined || others.length > 0 ? Number.NaN : sample.value;
  };
}

/** Maps each value on its own, or drops the sample where `change` returns undefined. The metric's name is dropped. */
export function compileMap(vector: VectorFunction, change: Change, params: readonly ScalarFunction[]): VectorFunction {
  return (evaluation) => {
    const values = params.map((param) => param(evaluation));
    const result = createUnnamedVector();
    for (const { labels, value } of vector(evaluation)) {
      const changed = change(value, values);
      if (changed !== undefined) {
        result.add(labels, changed);
      }
    }
    return result.finish();
  };
}

function compileAbsent(arg: Expr, vector: VectorFunction): VectorFunction {
  const answer = [{ labels: absentLabels(arg), value: 1 }];
  return (evaluation) => (vector(evaluation).length > 0 ? [] : answer);
}

function compileSort(vector: VectorFunction, isDescending: boolean): VectorFunction {
  return (evaluation) => {
    const samples = vector(evaluation);
    const numbers = samples.filter(({ value }) => !Number.isNaN(value));
    // Go's sort counts each NaN as less than any other, so a later NaN moves in front of an earlier one.
    const rest = samples.filter(({ value }) => Number.isNaN(value)).reverse();
    return [...numbers.sort((left, right) => compareValues(left.value, right.value, isDescending)), ...rest];
  };
}
