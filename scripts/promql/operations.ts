import { power } from '../go/float.ts';
import type { ArithmeticOp, BinaryOp, ComparisonOp, SetOp } from './ast.ts';

const ARITHMETIC: Readonly<Record<ArithmeticOp, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': power,
  atan2: Math.atan2,
};

const COMPARISON: Readonly<Record<ComparisonOp, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
};

export function isComparison(op: BinaryOp): op is ComparisonOp {
  return op in COMPARISON;
}

export function isSetOperator(op: BinaryOp): op is SetOp {
  return op === 'and' || op === 'or' || op === 'unless';
}

/** The result of an operation on one pair of values; undefined when a comparison filters the pair out. */
export type PairFunction = (left: number, right: number) => number | undefined;

/** With `bool` a comparison returns 1 or 0; without it, the left value or undefined. */
export function pairFunction(op: ArithmeticOp | ComparisonOp, bool: boolean): PairFunction {
  if (!isComparison(op)) {
    return ARITHMETIC[op];
  }
  const holds = COMPARISON[op];
  if (bool) {
    return (left, right) => (holds(left, right) ? 1 : 0);
  }
  return (left, right) => (holds(left, right) ? left : undefined);
}
