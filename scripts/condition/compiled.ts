import type { Expression } from './ast.ts';
import type { Type } from './types.ts';
import type { Value } from './values.ts';

/** What a condition can read while it runs. */
export interface Frame {
  readonly result: Value;
  /** Seconds since 1970, for `now()`. */
  readonly nowSeconds: number;
  /** The values of `let` variables, by their place in the scope. */
  readonly variables: Value[];
  /** The element that the innermost predicate is evaluated for, its index, and the accumulator of `reduce`. */
  element: Value | undefined;
  index: number;
  accumulator: Value;
}

/** An expression whose types were checked. */
export interface Compiled {
  readonly type: Type;
  /** The value of a literal, or of an operation on literals that expr's optimizer folds. */
  readonly literal?: bigint | number | string | boolean | undefined;
  /** Throws `ConditionError`. */
  readonly run: (frame: Frame) => Value;
}

/** What the compiler knows of the names in an expression. */
export interface Scope {
  readonly result: Type;
  readonly variables: ReadonlyMap<string, { readonly type: Type; readonly place: number }>;
  /** The type of `#`. */
  readonly element?: Type;
  /** The names that may follow `#` in this predicate: `index`, `acc`. */
  readonly pointers?: readonly string[];
}

/** Compiles one part. Throws `ConditionError` where the language would refuse it. */
export type Compile = (expression: Expression, scope: Scope) => Compiled;
