/** A parsed condition. Integers are bigints and floats are numbers: the language has both types. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: bigint | number | string | boolean | null }
  | { readonly kind: 'identifier'; readonly name: string }
  /** The element that a predicate looks at (`#`), or one of its variables (`#acc`, `#index`). */
  | { readonly kind: 'pointer'; readonly name: string }
  | { readonly kind: 'unary'; readonly op: string; readonly arg: Expression }
  | { readonly kind: 'binary'; readonly op: string; readonly left: Expression; readonly right: Expression }
  /** `a < b <= c`, which holds when each operator holds between the operands at its sides. */
  | { readonly kind: 'comparison'; readonly ops: readonly string[]; readonly operands: readonly Expression[] }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      /** Absent for `a ?: b`, which is `a` when `a` is true. */
      readonly whenTrue?: Expression;
      readonly whenFalse: Expression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  /** The part of a call that is evaluated for each element, as in `all(list, # > 1)`. */
  | { readonly kind: 'predicate'; readonly body: Expression }
  | Member
  | (Omit<Member, 'kind'> & { readonly kind: 'method'; readonly args: readonly Expression[] })
  /** A row of members with a `?.` in it, such as `a?.b.c`; nil when a `?.` follows nil. */
  | { readonly kind: 'chain'; readonly last: Expression }
  | { readonly kind: 'slice'; readonly object: Expression; readonly from?: Expression; readonly to?: Expression }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'map'; readonly pairs: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'let'; readonly name: string; readonly value: Expression; readonly body: Expression }
  /** `a; b`: all are evaluated, the last one counts. */
  | { readonly kind: 'sequence'; readonly items: readonly Expression[] };

interface Member {
  readonly kind: 'member';
  readonly object: Expression;
  readonly property: Expression;
  /** Set for `?.`: when the object is nil, the rest of the chain is skipped. */
  readonly optional?: true;
}

/** The direct parts of an expression, in order. */
export function children(expression: Expression): readonly Expression[] {
  return Object.values(expression).flat(2).filter(isExpression);
}

function isExpression(part: unknown): part is Expression {
  return typeof part === 'object' && part !== null && 'kind' in part;
}

/** An expression and all its parts, the outer before the inner. */
export function partsOf(expression: Expression): readonly Expression[] {
  const parts = [expression];
  for (const part of parts) {
    parts.push(...children(part));
  }
  return parts;
}
