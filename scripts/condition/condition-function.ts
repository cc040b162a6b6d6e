import { ConditionError } from './errors.ts';
import { formatType, isNumeric, type Type, typeOf, type Value } from './types.ts';

/** A function of the language: the type of its answer for the types of its arguments, and the answer. */
export interface ConditionFunction {
  /** How many arguments, at least and at most. */
  readonly arity: readonly [number, number];
  /** Throws `ConditionError` for types that it is not made for. */
  readonly type: (args: readonly Type[]) => Type;
  /** `result` is what was measured, which some helpers look at whatever they are given. */
  readonly run: (args: readonly Value[], result: Value) => Value;
}

/** A function by its name. */
export type NamedFunction = readonly [string, ConditionFunction];

/** A type of argument that only turns out as the condition runs. */
export const isUndecided = (type: Type | undefined) => type === 'any';

/** Refuses an argument for its type. */
export function refuse(name: string, type: Type | undefined): never {
  throw new ConditionError(`invalid argument for ${name} (type ${formatType(type ?? 'nil')})`);
}

/** Refuses an argument for its value. */
export function fail(name: string, value: Value | undefined): never {
  throw new ConditionError(`invalid argument for ${name} (type ${typeOf(value ?? null)})`);
}

export function numberOf(name: string, value: Value | undefined): number | bigint {
  return typeof value === 'number' || typeof value === 'bigint' ? value : fail(name, value);
}

export function listOf(name: string, value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : fail(name, value);
}

const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** A number, or a text that holds one. */
export function parseNumberOf(name: string, value: Value | undefined, kind: 'integer' | 'float'): number {
  if (typeof value === 'string') {
    if (!(kind === 'integer' ? INTEGER : FLOAT).test(value)) {
      throw new ConditionError(`${name}: parsing ${JSON.stringify(value)}: invalid syntax`);
    }
    return Number(value);
  }
  return Number(numberOf(name, value));
}

export function isNumberType(type: Type | undefined): type is Type {
  return type !== undefined && (isNumeric(type) || isUndecided(type));
}
