import type { Expression } from './ast.ts';
import type { Type } from './types.ts';
import type { Value } from './values.ts';

/** What a condition can read while it runs. */
export interface Frame {
  readonly result: Value;
  /** Seconds since 1970, for `now()`. */
  readonly nowSeconds: number;
  /** The values of `let` variables. No two that can be read in one place have the same name. */
  readonly variables: Map<string, Value>;
  pointers: Pointers;
}

/** What the innermost predicate is evaluated for: an element and its index; for `reduce`, what the elements before it made. */
export interface Pointers {
  '': Value | undefined;
  index: bigint;
  acc: Value;
}

/** The state in which a condition begins to run. */
export function newFrame(result: Value, nowSeconds: number): Frame {
  return { result, nowSeconds, variables: new Map(), pointers: { '': undefined, index: 0n, acc: null } };
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
  readonly variables: ReadonlyMap<string, Type>;
  /** The type of each pointer that this predicate may use. */
  readonly pointers: ReadonlyMap<string, Type>;
}

/** Compiles one part. Throws `ConditionError` where the language would refuse it. */
export type Compile = (expression: Expression, scope: Scope) => Compiled;
