import { absentLabels } from './absent.ts';
import type { Expr, ValueType } from './ast.ts';
import { CALENDAR_FUNCTIONS } from './calendar.ts';
import {
  createUnnamedVector,
  type MatrixFunction,
  type ScalarFunction,
  type VectorFunction,
  type VectorSample,
} from './evaluation.ts';
import { bucketFraction, bucketQuantile, compilePerHistogram } from './histogram.ts';
import { compileLabelJoin, compileLabelReplace } from './label-functions.ts';
import { NO_LABELS } from './labels.ts';
import { MATH_FUNCTIONS, PARAMETER_FUNCTIONS } from './math-functions.ts';
import { OVER_TIME_FUNCTIONS } from './over-time.ts';
import { compileOverRange, RATE_FUNCTIONS, type RangeFunction } from './rate.ts';
import { compileInstantSelector } from './selector.ts';
import { compareValues } from './topk.ts';

/** Compiles the arguments of a call. It is passed in, because an argument may be a call itself. */
export interface Operands {
  scalar(expr: Expr): ScalarFunction;
  vector(expr: Expr): VectorFunction;
  matrix(expr: Expr): MatrixFunction;
}

/** Arguments that `checked` has counted, without their parentheses. */
export type Args = readonly [Expr, Expr, Expr, ...Expr[]];

interface Signature {
  readonly args: readonly ValueType[];
  /** How many arguments after the first `args.length - 1` are allowed: 0 means exactly `args`, -1 any number. */
  readonly variadic: number;
}

export type PromqlFunction = Signature &
  (
    | { readonly returns: 'scalar'; readonly compile: (args: Args, operands: Operands) => ScalarFunction }
    | { readonly returns: 'vector'; readonly compile: (args: Args, operands: Operands) => VectorFunction }
  );

const define = (
  args: readonly ValueType[],
  compile: (args: Args, operands: Operands) => VectorFunction,
  variadic = 0,
): PromqlFunction => ({ args, variadic, returns: 'vector', compile });

const defineScalar = (
  args: readonly ValueType[],
  compile: (args: Args, operands: Operands) => ScalarFunction,
): PromqlFunction => ({ args, variadic: 0, returns: 'scalar', compile });

type Change = (value: number, params: readonly number[]) => number | undefined;

/** A function that maps each value on its own; further arguments are scalars. */
const ofValues = (change: Change, args: readonly ValueType[] = ['vector'], variadic = 0) =>
  define(
    args,
    // Functions of dates default to the evaluation time.
    ([vector, ...params]: readonly Expr[], operands) =>
      compileMap(vector === undefined ? wholeTime : operands.vector(vector), change, params.map(operands.scalar)),
    variadic,
  );

/** A function over the window of each series; a second argument is a scalar. `isNamed`: the metric keeps its name. */
const overRange = (range: RangeFunction, args: readonly ValueType[] = ['matrix'], isNamed = false) =>
  define(args, (operand, { matrix, scalar }) => {
    const [place, other] = args[0] === 'matrix' ? [0, 1] : [1, 0];
    const param = args.length === 1 ? () => Number.NaN : scalar(operand[other] as Expr);
    return compileOverRange(range, matrix(operand[place] as Expr), param, isNamed);
  });

const mapEntries = <Value>(record: Readonly<Record<string, Value>>, make: (value: Value) => PromqlFunction) =>
  Object.entries(record).map(([name, value]) => [name, make(value)] as const);

const nativeHistograms = 'histogram_avg histogram_count histogram_sum histogram_stddev histogram_stdvar'.split(' ');

/**
 * The functions of Prometheus 3, without those behind `promql-experimental-functions`. Source of their types:
 * `promql/parser/functions.go` (prometheus v0.313.2).
 */
export const FUNCTIONS: ReadonlyMap<string, PromqlFunction> = new Map<string, PromqlFunction>([
  ...mapEntries(MATH_FUNCTIONS, (change) => ofValues(change)),
  ...mapEntries(CALENDAR_FUNCTIONS, (change) => ofValues(change, ['vector'], 1)),
  ...mapEntries(RATE_FUNCTIONS, (range) => overRange(range)),
  // Those that take a scalar, or keep the metric's name, are defined again below.
  ...mapEntries(OVER_TIME_FUNCTIONS, (range) => overRange(range)),
  ...Object.entries({
    round: ofValues(PARAMETER_FUNCTIONS.round, ['vector', 'scalar'], 1),
    clamp: ofValues(PARAMETER_FUNCTIONS.clamp, ['vector', 'scalar', 'scalar']),
    clamp_min: ofValues(PARAMETER_FUNCTIONS.clamp_min, ['vector', 'scalar']),
    clamp_max: ofValues(PARAMETER_FUNCTIONS.clamp_max, ['vector', 'scalar']),
    // It keeps the metric's name, unlike the others: it is only a longer lookback.
    last_over_time: overRange(OVER_TIME_FUNCTIONS.last_over_time, ['matrix'], true),
    predict_linear: overRange(OVER_TIME_FUNCTIONS.predict_linear, ['matrix', 'scalar']),
    quantile_over_time: overRange(OVER_TIME_FUNCTIONS.quantile_over_time, ['scalar', 'matrix']),
    absent: define(['vector'], ([arg], { vector }) => compileAbsent(arg, vector(arg))),
    absent_over_time: define(['matrix'], ([arg], { matrix }) => compileAbsent(arg, presentIn(matrix(arg)))),
    sort: define(['vector'], ([arg], { vector }) => compileSort(vector(arg), false)),
    sort_desc: define(['vector'], ([arg], { vector }) => compileSort(vector(arg), true)),
    timestamp: define(['vector'], ([arg], { vector }) =>
      compileMap(arg.kind === 'selector' ? compileInstantSelector(arg, 'time') : atTime(vector(arg)), (at) => at, []),
    ),
    label_replace: define(['vector', 'string', 'string', 'string', 'string'], ([arg, ...rest], { vector }) =>
      compileLabelReplace(vector(arg), rest.map(textOf)),
    ),
    label_join: define(
      ['vector', 'string', 'string', 'string'],
      ([arg, ...rest], { vector }) => compileLabelJoin(vector(arg), rest.map(textOf)),
      -1,
    ),
    histogram_quantile: define(['scalar', 'vector'], ([q, arg], { scalar, vector }) =>
      compilePerHistogram(vector(arg), bucketQuantile, [scalar(q)]),
    ),
    histogram_fraction: define(['scalar', 'scalar', 'vector'], ([from, to, arg], { scalar, vector }) =>
      compilePerHistogram(vector(arg), bucketFraction, [scalar(from), scalar(to)]),
    ),
    scalar: defineScalar(['vector'], ([arg], { vector }) => compileScalarOf(vector(arg))),
    pi: defineScalar([], () => () => Math.PI),
    time: defineScalar(
      [],
      () =>
        ({ timeMs }) =>
          timeMs / 1000,
    ),
    vector: define(['scalar'], ([arg], { scalar }) => compileVectorOf(scalar(arg))),
  }),
  // They return values for native histograms only, and every sample here is a float.
  ...nativeHistograms.map((name) => [name, ofValues(() => undefined)] as const),
]);

const textOf = (arg: Expr) => (arg.kind === 'string' ? arg.value : '');

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
