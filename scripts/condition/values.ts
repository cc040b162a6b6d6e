import { ConditionError, UnknownConditionError } from './errors.ts';
import { type ElementType, formatType, listOf, type MapType, type Type } from './types.ts';

/** A value at run time. Integers are bigints, floats are numbers; a type that JavaScript does not have is an object with a `kind`. */
export type Value = bigint | number | boolean | string | null | List | GoMap | Time | Location | NamedInteger;

/** A slice of Go; `of` is its declared element type, which may be wider than its elements. */
export interface List {
  readonly kind: 'list';
  readonly of: ElementType;
  readonly items: readonly Value[];
}

export interface GoMap {
  readonly kind: 'map';
  readonly of: MapType;
  /** Each key and its value, under the `mapKey` of the key. */
  readonly entries: ReadonlyMap<unknown, readonly [Value, Value]>;
}

/** Go's `time.Time`. */
export interface Time {
  readonly kind: 'time';
  readonly at: Temporal.ZonedDateTime;
}

/** Go's `*time.Location`. */
export interface Location {
  readonly kind: 'location';
  readonly name: string;
}

interface Named<Kind extends string> {
  readonly kind: Kind;
  readonly value: bigint;
}

/** Go's `time.Duration`: nanoseconds. */
export type Duration = Named<'duration'>;

/** Go's integers with methods; a month from 1 on, a day of the week from Sunday, 0, on. */
export type NamedInteger = Duration | Named<'weekday'> | Named<'month'>;

type Kinded = Exclude<Value, bigint | number | boolean | string | null>;

/** Whether a value is of a kind that JavaScript does not have. */
export function isKind<Kind extends Kinded['kind']>(
  value: Value | undefined,
  kind: Kind,
): value is Extract<Kinded, { kind: Kind }> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}

export const isNumber = (value: Value | undefined): value is bigint | number =>
  typeof value === 'bigint' || typeof value === 'number';
export const isNamedValue = (value: Value): value is NamedInteger =>
  isKind(value, 'duration') || isKind(value, 'weekday') || isKind(value, 'month');

export const list = (items: readonly Value[], of: ElementType = 'any'): List => ({ kind: 'list', of, items });
/** Go's nil slice: a list without elements that equals nil. */
export const NIL_LIST = list([]);
export const isNil = (value: Value) => value === null || value === NIL_LIST;
export const goMap = (of: MapType, pairs: readonly (readonly [Value, Value])[]): GoMap => ({
  kind: 'map',
  of,
  entries: new Map(pairs.map((pair) => [mapKey(pair[0]), pair])),
});
export const time = (at: Temporal.ZonedDateTime): Time => ({ kind: 'time', at });
export const duration = (nanoseconds: bigint): Duration => ({
  kind: 'duration',
  value: BigInt.asIntN(64, nanoseconds),
});

/** The nearest value of 64 bits, as in Go's difference of two times. */
export function saturate(nanoseconds: bigint): bigint {
  const limit = 2n ** 63n;
  return nanoseconds >= limit ? limit - 1n : nanoseconds < -limit ? -limit : nanoseconds;
}

const PRIMITIVES: Readonly<Record<string, Type>> = {
  bigint: 'int',
  number: 'float',
  boolean: 'bool',
  string: 'string',
};

/** The type of a value. */
export function typeOf(value: Value): Type {
  if (typeof value !== 'object') {
    return PRIMITIVES[typeof value] as Type;
  }
  return value === null
    ? 'nil'
    : value.kind === 'list'
      ? listOf(value.of)
      : value.kind === 'map'
        ? value.of
        : value.kind;
}

/** The type of a value, as Go prints it. */
export const typeName = (value: Value) => (value === null ? '<nil>' : formatType(typeOf(value)));

/** The elements of a list, or the UTF-8 bytes of a text; undefined for other values. */
export function elementsOf(value: Value): readonly Value[] | undefined {
  if (isKind(value, 'list')) {
    return value.items;
  }
  return typeof value === 'string' ? Array.from(new TextEncoder().encode(value), BigInt) : undefined;
}

/** The value, if it is of this type. Throws `ConditionError` for a value of another type. */
function asserted(value: Value, type: Type): Value {
  if (typeOf(value) !== type) {
    throw new ConditionError(`interface conversion: interface {} is ${typeName(value)}, not ${formatType(type)}`);
  }
  return value;
}
export const asText = (value: Value) => asserted(value, 'string') as string;
export const asBool = (value: Value) => asserted(value, 'bool') as boolean;
export const asInt = (value: Value) => asserted(value, 'int') as bigint;

/** An operand of `..`, an index or a slice's bound as an integer; a float is truncated. Throws `ConditionError` for other values. */
export function integer(value: Value): bigint {
  if (!isNumber(value)) {
    throw new ConditionError(`invalid operation: int(${typeName(value)})`);
  }
  return cutOff(value);
}

/** A number as Go's int on amd64: a float is truncated; NaN and what does not fit become the least integer. */
export function cutOff(value: bigint | number): bigint {
  if (typeof value === 'bigint') {
    return value;
  }
  return Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}

/**
 * A key for a JavaScript `Map`, the same for equal keys of Go; each NaN is a key of its own. Throws `ConditionError` for a list or a map,
 * and `UnknownConditionError` for a pair.
 */
export function mapKey(key: Value): unknown {
  if (isKind(key, 'list') && key.of === 'half') {
    throw new UnknownConditionError('a pair as a key');
  }
  if (isKind(key, 'list') || isKind(key, 'map')) {
    throw new ConditionError(`runtime error: hash of unhashable type ${typeName(key)}`);
  }
  if (typeof key === 'string') {
    return `"${key}`;
  }
  if (isKind(key, 'time') || isNamedValue(key)) {
    return `${key.kind} ${key.kind === 'time' ? key.at : key.value}`;
  }
  return Number.isNaN(key) ? Symbol('NaN') : key;
}

/**
 * The value of a key, undefined if there is none. If the keys are texts, a nil key counts as the empty text. Throws `ConditionError` for
 * a type that cannot be a key of the map.
 */
export function lookUp(map: GoMap, key: Value): Value | undefined {
  if (map.of === 'map' && key !== null && typeof key !== 'string') {
    throw new ConditionError(`reflect.Value.MapIndex: value of type ${typeName(key)} is not assignable to type string`);
  }
  return map.entries.get(mapKey(map.of === 'map' ? (key ?? '') : key))?.[1];
}
