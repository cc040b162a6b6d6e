import type { ArithmeticOp, BinaryExpr, ComparisonOp } from './ast.ts';
import type { ScalarFunction, VectorFunction, VectorSample } from './evaluation.ts';
import { createUnnamedVector } from './evaluation.ts';
import { isComparison, type PairFunction, pairFunction } from './operations.ts';

type ValueOp = ArithmeticOp | ComparisonOp;

/** An operation between two scalars, where a comparison is always `bool`. */
export function compileScalarBinary(op: ValueOp, left: ScalarFunction, right: ScalarFunction): ScalarFunction {
  const pair = pairFunction(op, true);
  return (evaluation) => pair(left(evaluation), right(evaluation)) ?? Number.NaN;
}

/**
 * An operation between a vector and a scalar; `isSwapped` when the scalar is on the left. A comparison without `bool` filters: it keeps
 * the vector's values, on whichever side the vector is, and the metric's name. All other operations drop the name.
 */
export function compileVectorScalar(
  { op, bool }: BinaryExpr & { readonly op: ValueOp },
  vector: VectorFunction,
  scalar: ScalarFunction,
  isSwapped: boolean,
): VectorFunction {
  const plain = pairFunction(op, bool);
  const pair: PairFunction = isSwapped ? (left, right) => plain(right, left) : plain;
  if (isComparison(op) && !bool) {
    return (evaluation) => {
      const right = scalar(evaluation);
      const samples: VectorSample[] = [];
      for (const sample of vector(evaluation)) {
        if (pair(sample.value, right) !== undefined) {
          samples.push(sample);
        }
      }
      return samples;
    };
  }
  return (evaluation) => {
    const right = scalar(evaluation);
    const result = createUnnamedVector();
    for (const { labels, value } of vector(evaluation)) {
      result.add(labels, pair(value, right) ?? Number.NaN);
    }
    return result.finish();
  };
}
