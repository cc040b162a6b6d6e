import { ConditionError } from './errors.ts';
import { cutOff, formatType, isNumeric, type Type, typeOf, type Value } from './types.ts';

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
const FLOAT = /^[+-]?((\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|inf(inity)?)$|^nan$/i;

/** The integer of a number or a text. Throws `ConditionError` for a text that is none of 64 bits. */
export function parseIntegerOf(name: string, value: Value | undefined): bigint {
  if (typeof value !== 'string') {
    return cutOff(numberOf(name, value));
  }
  const integer = INTEGER.test(value) ? BigInt(value.replace(/^\+/, '')) : undefined;
  if (integer === undefined || BigInt.asIntN(64, integer) !== integer) {
    throw new ConditionError(`${name}: parsing ${JSON.stringify(value)}: no integer of 64 bits`);
  }
  return integer;
}

/** The float of a number or a text. Throws `ConditionError` for a text that is none of 64 bits. */
export function parseFloatOf(name: string, value: Value | undefined): number {
  if (typeof value !== 'string') {
    return Number(numberOf(name, value));
  }
  const infinity = /^([+-]?)inf(inity)?$/i.exec(value);
  const float = infinity ? Number(`${infinity[1]}Infinity`) : Number(value);
  if (!FLOAT.test(value) || (infinity === null && Math.abs(float) === Number.POSITIVE_INFINITY)) {
    throw new ConditionError(`${name}: parsing ${JSON.stringify(value)}: no float of 64 bits`);
  }
  return float;
}

export function isNumberType(type: Type | undefined): type is Type {
  return type !== undefined && (isNumeric(type) || isUndecided(type));
}
