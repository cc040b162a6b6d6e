/** A parsed condition. Integers are bigints and floats are numbers: the language has both types. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: bigint | number | string | boolean | null }
  | { readonly kind: 'identifier'; readonly name: string }
  /** The element that a predicate looks at (`#`), or one of its variables (`#acc`, `#index`). */
  | { readonly kind: 'pointer'; readonly name: string }
  | { readonly kind: 'unary'; readonly op: string; readonly arg: Expression }
  | { readonly kind: 'binary'; readonly op: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly whenTrue: Expression;
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

/** The direct parts of an expression, each once: for `a ?: b` and `a < b < c` the parser uses one object twice. */
export function children(expression: Expression): readonly Expression[] {
  return [...new Set(Object.values(expression).flat(2).filter(isExpression))];
}

function isExpression(part: unknown): part is Expression {
  return typeof part === 'object' && part !== null && 'kind' in part;
}

/** Calls `visit` once for every part of an expression, the outer before the inner. */
export function walk(expression: Expression, visit: (part: Expression) => void): void {
  // A part that is used twice is visited once: nested, they would double the visits at every level.
  const parts = new Set([expression]);
  for (const part of parts) {
    visit(part);
    for (const child of children(part)) {
      parts.add(child);
    }
  }
}

/** Whether `isWanted` returns true for some part of an expression. */
export function some(expression: Expression, isWanted: (part: Expression) => boolean): boolean {
  let found = false;
  walk(expression, (part) => {
    found ||= isWanted(part);
  });
  return found;
}
