/** A parsed condition. Integers are bigints, floats numbers, as the language tells them apart. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: bigint | number | string | boolean | null }
  | { readonly kind: 'identifier'; readonly name: string }
  /** The element that a closure looks at (`#`), or one of its variables (`#acc`, `#index`). */
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
  | { readonly kind: 'closure'; readonly body: Expression }
  | {
      readonly kind: 'member';
      readonly object: Expression;
      readonly property: Expression;
      /** Of `?.`: nil ends the chain. */
      readonly optional?: true;
    }
  /** Names one after the other with a `?.` among them; nil where one of those ends it. */
  | { readonly kind: 'chain'; readonly last: Expression }
  | { readonly kind: 'slice'; readonly object: Expression; readonly from?: Expression; readonly to?: Expression }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'map'; readonly pairs: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'let'; readonly name: string; readonly value: Expression; readonly body: Expression };

/** The parts that an expression is made of, in the order written, each once. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'identifier':
    case 'pointer':
      return [];
    case 'unary':
      return [expression.arg];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      // `a ?: b` asks for the same part twice.
      return [...new Set([expression.test, expression.whenTrue, expression.whenFalse])];
    case 'call':
      return expression.args;
    case 'closure':
      return [expression.body];
    case 'chain':
      return [expression.last];
    case 'member':
      return [expression.object, expression.property];
    case 'slice':
      return [expression.object, ...[expression.from, expression.to].filter((bound) => bound !== undefined)];
    case 'array':
      return expression.items;
    case 'map':
      return expression.pairs.flat();
    case 'let':
      return [expression.value, expression.body];
    default:
      return expression satisfies never;
  }
}

/** Calls `visit` for every part of an expression, the outer before the inner. */
export function walk(expression: Expression, visit: (part: Expression) => void): void {
  visit(expression);
  for (const child of children(expression)) {
    walk(child, visit);
  }
}
