import { absentLabels } from './absent.ts';
import type { CallExpr, Expr } from './ast.ts';
import type { MatrixFunction, ScalarFunction, VectorFunction } from './evaluation.ts';
import { createUnnamedVector } from './evaluation.ts';
import { compileHistogramFraction, compileHistogramQuantile } from './histogram.ts';
import { compileLabelJoin, compileLabelReplace } from './label-functions.ts';
import { NO_LABELS } from './labels.ts';
import { MATH_FUNCTIONS, PARAMETER_FUNCTIONS } from './math-functions.ts';
import { compileRangeCall } from './range-call.ts';
import { compileInstantSelector } from './selector.ts';
import { compareValues } from './topk.ts';

/** How the arguments of a call are compiled; passed in, since they may be calls again. */
export interface Operands {
  scalar(expr: Expr): ScalarFunction;
  vector(expr: Expr): VectorFunction;
  matrix(expr: Expr): MatrixFunction;
}

/** The arguments without their parentheses, as Prometheus takes them off before it looks at an argument's form. */
function bareArgs({ args }: CallExpr): readonly Expr[] {
  return args.map((arg) => {
    let bare = arg;
    while (bare.kind === 'paren') {
      bare = bare.arg;
    }
    return bare;
  });
}

function missing({ func }: CallExpr): TypeError {
  return new TypeError(`wrong arguments for ${func}: was the expression parsed by parsePromql?`);
}

/** A call that answers a scalar. */
export function compileScalarCall(expr: CallExpr, operands: Operands): ScalarFunction {
  const [arg] = bareArgs(expr);
  if (expr.func === 'time') {
    return ({ timeMs }) => timeMs / 1000;
  }
  if (expr.func === 'pi') {
    return () => Math.PI;
  }
  if (expr.func !== 'scalar' || arg === undefined) {
    throw missing(expr);
  }
  const vector = operands.vector(arg);
  return (evaluation) => {
    const [sample, ...others] = vector(evaluation);
    return sample === undefined || others.length > 0 ? Number.NaN : sample.value;
  };
}

/** A call that returns an instant vector. */
export function compileVectorCall(expr: CallExpr, operands: Operands): VectorFunction {
  const { func } = expr;
  const args = bareArgs(expr);
  const [first, second, third] = args;
  const math = MATH_FUNCTIONS.get(func);
  if (math !== undefined) {
    return compileMap(first === undefined ? now : operands.vector(first), math, []);
  }
  if (first === undefined) {
    throw missing(expr);
  }
  const range = compileRangeCall(func, args, operands);
  if (range !== undefined) {
    return range;
  }
  const withParams = PARAMETER_FUNCTIONS.get(func);
  if (withParams !== undefined) {
    return compileMap(operands.vector(first), withParams, args.slice(1).map(operands.scalar));
  }
  switch (func) {
    case 'vector': {
      const scalar = operands.scalar(first);
      return (evaluation) => [{ labels: NO_LABELS, value: scalar(evaluation) }];
    }
    case 'absent':
      return compileAbsent(first, operands);
    case 'sort':
    case 'sort_desc':
      return compileSort(operands.vector(first), func === 'sort_desc');
    case 'timestamp': {
      if (first.kind === 'selector') {
        return compileMap(compileInstantSelector(first, 'time'), (seconds) => seconds, []);
      }
      const vector = operands.vector(first);
      return (evaluation) => compileMap(vector, () => evaluation.timeMs / 1000, [])(evaluation);
    }
    case 'label_replace':
    case 'label_join': {
      const texts = args.slice(1).map((arg) => (arg.kind === 'string' ? arg.value : ''));
      return (func === 'label_replace' ? compileLabelReplace : compileLabelJoin)(operands.vector(first), texts);
    }
    case 'histogram_quantile':
      if (second === undefined) {
        throw missing(expr);
      }
      return compileHistogramQuantile(operands.scalar(first), operands.vector(second));
    case 'histogram_fraction':
      if (second === undefined || third === undefined) {
        throw missing(expr);
      }
      return compileHistogramFraction(operands.scalar(first), operands.scalar(second), operands.vector(third));
    case 'histogram_avg':
    case 'histogram_count':
    case 'histogram_sum':
    case 'histogram_stddev':
    case 'histogram_stdvar':
      return compileNativeHistogramOnly(operands.vector(first));
    default:
      throw missing(expr);
  }
}

/** The default argument of the date functions: the evaluation time in whole seconds. */
const now: VectorFunction = ({ timeMs }) => [{ labels: NO_LABELS, value: Math.floor(timeMs / 1000) }];

function compileMap(
  vector: VectorFunction,
  change: (value: number, params: readonly number[]) => number | undefined,
  params: readonly ScalarFunction[],
): VectorFunction {
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

function compileAbsent(arg: Expr, operands: Operands): VectorFunction {
  const vector = operands.vector(arg);
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

/** These functions return values for native histograms only, and every sample here is a float. An error in the argument still counts. */
function compileNativeHistogramOnly(vector: VectorFunction): VectorFunction {
  return (evaluation) => {
    vector(evaluation);
    return [];
  };
}
