import { absentLabels } from './absent.ts';
import type { Expr } from './ast.ts';
import type { MatrixFunction, ScalarFunction, VectorFunction, VectorSample } from './evaluation.ts';
import { createUnnamedVector, distinct } from './evaluation.ts';
import { OVER_TIME_FUNCTIONS } from './over-time.ts';
import { RATE_FUNCTIONS, type RangeFunction } from './rate.ts';

const RANGE_FUNCTIONS: ReadonlyMap<string, RangeFunction> = new Map<string, RangeFunction>(
  Object.entries({ ...RATE_FUNCTIONS, ...OVER_TIME_FUNCTIONS }),
);

/** How the arguments of a function over ranges are compiled. */
interface RangeOperands {
  scalar(expr: Expr): ScalarFunction;
  matrix(expr: Expr): MatrixFunction;
}

/** A call of a function over a range vector, or undefined when `func` is none. */
export function compileRangeCall(
  func: string,
  args: readonly Expr[],
  operands: RangeOperands,
): VectorFunction | undefined {
  const arg = args[func === 'quantile_over_time' ? 1 : 0];
  if (arg === undefined) {
    return undefined;
  }
  if (func === 'absent_over_time') {
    return compileAbsentOverTime(arg, operands.matrix(arg));
  }
  const range = RANGE_FUNCTIONS.get(func);
  if (range === undefined) {
    return undefined;
  }
  const matrix = operands.matrix(arg);
  const paramArg = args.find((candidate) => candidate !== arg);
  const param = paramArg === undefined ? () => Number.NaN : operands.scalar(paramArg);
  if (func === 'last_over_time') {
    return compileLastOverTime(matrix, range);
  }
  return (evaluation) => {
    const value = param(evaluation);
    const result = createUnnamedVector();
    matrix(evaluation, (labels, window) => {
      const answer = range(window, value, evaluation.timeMs);
      if (answer !== undefined) {
        result.add(labels, answer);
      }
    });
    return result.finish();
  };
}

/** `last_over_time` keeps the metric's name, unlike the others: it is only a longer lookback. */
function compileLastOverTime(matrix: MatrixFunction, last: RangeFunction): VectorFunction {
  return (evaluation) => {
    const samples: VectorSample[] = [];
    matrix(evaluation, (labels, window) => {
      samples.push({ labels, value: last(window, Number.NaN, evaluation.timeMs) ?? Number.NaN });
    });
    return distinct(samples);
  };
}

function compileAbsentOverTime(arg: Expr, matrix: MatrixFunction): VectorFunction {
  const answer = [{ labels: absentLabels(arg), value: 1 }];
  return (evaluation) => {
    let isPresent = false;
    matrix(evaluation, () => {
      isPresent = true;
    });
    return isPresent ? [] : answer;
  };
}
