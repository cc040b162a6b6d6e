import type { Type, Value } from './types.ts';

/** What a condition sees while it runs. */
export interface Frame {
  readonly result: Value;
  /** The element that the innermost closure looks at, its index, and what `reduce` has so far. */
  readonly element?: Value;
  readonly index?: number;
  readonly accumulator?: Value;
  readonly variables?: ReadonlyMap<string, Value>;
}

/** An expression whose types were checked. */
export interface Compiled {
  readonly type: Type;
  /** Where it is written out as `true` or `false` or an integer, or the language's optimizer makes it one. */
  readonly constant?: boolean | bigint | undefined;
  /** Of a range between constants. */
  readonly range?: readonly [bigint, bigint] | undefined;
  /** Of a list of nothing but integers or texts that are written out. */
  readonly written?: 'int' | 'string' | undefined;
  /** Throws `ConditionError`. */
  readonly run: (frame: Frame) => Value;
}

/** What is known of names before the condition runs. */
export interface Scope {
  readonly result: Type;
  readonly variables: ReadonlyMap<string, Type>;
  /** The type of `#`. */
  readonly element?: Type;
  /** The names that `#` takes there. */
  readonly pointers?: readonly string[];
}
