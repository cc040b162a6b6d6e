import type { ArithmeticOp, BinaryExpr, ComparisonOp, Matching, SetOp } from './ast.ts';
import { PromqlError } from './errors.ts';
import { distinct, type Vector, type VectorFunction, type VectorSample } from './evaluation.ts';
import {
  createGroupOf,
  keepLabels,
  type Labels,
  labelsKey,
  memoizePerLabels,
  omitLabels,
  setLabel,
  withoutMetadata,
} from './labels.ts';
import { isComparison, pairFunction } from './operations.ts';

const DEFAULT: Matching = { mode: 'ignoring', labels: [], include: [] };

/** `and`, `or` and `unless`: they keep or drop samples by whether the other side has the same match group, and change no value. */
export function compileSetOperation(
  op: SetOp,
  matching: Matching | undefined,
  left: VectorFunction,
  right: VectorFunction,
): VectorFunction {
  const groupOf = createGroupOf(matching ?? DEFAULT);
  return (evaluation) => {
    const leftSamples = left(evaluation);
    const rightSamples = right(evaluation);
    const isIn = (samples: Vector) => {
      const keys = new Set(samples.map(({ labels }) => groupOf(labels).key));
      return ({ labels }: VectorSample) => keys.has(groupOf(labels).key);
    };
    if (op === 'or') {
      const isLeft = isIn(leftSamples);
      return [...leftSamples, ...rightSamples.filter((sample) => !isLeft(sample))];
    }
    const isRight = isIn(rightSamples);
    return leftSamples.filter((sample) => isRight(sample) === (op === 'and'));
  };
}

/** Returns the labels of a result, from the series of the side that may have many per group and that of the other side. */
function createResultLabels(
  { op, bool }: BinaryExpr,
  { mode, labels: names, group, include }: Matching,
): (many: Labels, one: Labels) => Labels {
  const dropsName = bool || !isComparison(op);
  const base = memoizePerLabels((labels) => {
    const unnamed = dropsName ? withoutMetadata(labels).labels : labels;
    if (group !== undefined) {
      return unnamed;
    }
    return mode === 'on' ? keepLabels(unnamed, names) : omitLabels(unnamed, names);
  });
  if (include.length === 0) {
    return base;
  }
  return (many, one) => include.reduce((labels, name) => setLabel(labels, name, one.get(name) ?? ''), base(many));
}

/**
 * An arithmetic or comparing operation between two vectors: one series to one, or many to one with `group_left` and
 * `group_right`. Throws `PromqlError` when a series has more than one partner.
 * Mirrors `VectorBinop` in prometheus `promql/engine.go` (v0.313.2).
 */
export function compileVectorMatching(
  expr: BinaryExpr & { readonly op: ArithmeticOp | ComparisonOp },
  left: VectorFunction,
  right: VectorFunction,
): VectorFunction {
  const matching = expr.matching ?? DEFAULT;
  const isSwapped = matching.group === 'right';
  const groupOf = createGroupOf(matching);
  const resultLabels = createResultLabels(expr, matching);
  const pair = pairFunction(expr.op, expr.bool);

  return (evaluation) => {
    const leftSamples = left(evaluation);
    const rightSamples = right(evaluation);
    const many = isSwapped ? rightSamples : leftSamples;
    const ones = isSwapped ? leftSamples : rightSamples;
    if (many.length === 0 || ones.length === 0) {
      return [];
    }

    const oneByGroup = new Map<string, VectorSample>();
    for (const one of ones) {
      const group = groupOf(one.labels).key;
      if (oneByGroup.has(group)) {
        throw duplicateError(isSwapped ? 'left' : 'right', oneByGroup.get(group), one);
      }
      oneByGroup.set(group, one);
    }

    const samples: VectorSample[] = [];
    const matched = new Set<string>();
    for (const sample of many) {
      const group = groupOf(sample.labels).key;
      const one = oneByGroup.get(group);
      if (one === undefined) {
        continue;
      }
      const labels = resultLabels(sample.labels, one.labels);
      // A pair that the comparison filters out counts too: whether a query is an error must not depend on the samples' values.
      const identity = matching.group === undefined ? group : `${group}${labelsKey(labels)}`;
      if (matched.has(identity)) {
        throw ambiguousError(matching);
      }
      matched.add(identity);
      const value = isSwapped ? pair(one.value, sample.value) : pair(sample.value, one.value);
      if (value !== undefined) {
        samples.push({ labels, value });
      }
    }
    return matching.group === undefined ? samples : distinct(samples);
  };
}

function duplicateError(side: string, ...samples: readonly (VectorSample | undefined)[]): PromqlError {
  const series = samples.map((sample) => (sample === undefined ? '' : labelsKey(sample.labels))).join(', ');
  return new PromqlError(
    `found duplicate series for a match group on the ${side} hand-side of the operation: ${series}; ` +
      'many-to-many matching not allowed: matching labels must be unique on one side',
  );
}

function ambiguousError({ group }: Matching): PromqlError {
  return new PromqlError(
    group === undefined
      ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
      : 'multiple matches for labels: grouping labels must ensure unique matches',
  );
}
