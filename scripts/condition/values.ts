import { ConditionError } from './errors.ts';
import { type ElementType, formatType, listOf, type MapType } from './types.ts';

/** A value while a condition runs. Integers of any size are bigints, floats numbers. */
export type Value =
  | bigint
  | number
  | boolean
  | string
  | null
  | List
  | GoMap
  | Duration
  | Time
  | Location
  | NamedInteger;

/** One of Go's lists; `of` says what it holds, whatever its elements are. */
export class List {
  readonly of: ElementType;
  readonly items: readonly Value[];
  /** An empty list of Go may be nil too. */
  readonly isNil: boolean;

  constructor(of: ElementType, items: readonly Value[], isNil = false) {
    this.of = of;
    this.items = items;
    this.isNil = isNil;
  }
}

export const NIL_LIST = new List('any', [], true);

export class GoMap {
  readonly of: MapType;
  /** By `mapKey`: the key and its value. */
  readonly entries: ReadonlyMap<unknown, readonly [Value, Value]>;

  constructor(of: MapType, pairs: Iterable<readonly [Value, Value]>) {
    this.of = of;
    this.entries = new Map(Array.from(pairs, (pair) => [mapKey(pair[0]), pair]));
  }
}

/** Go's `time.Duration`. */
export class Duration {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = BigInt.asIntN(64, nanoseconds);
  }
}

/** Go's `time.Time`. */
export class Time {
  readonly at: Temporal.ZonedDateTime;

  constructor(at: Temporal.ZonedDateTime) {
    this.at = at;
  }
}

/** Go counts from the year 1. */
export const zeroTime = () => new Time(Temporal.ZonedDateTime.from('0001-01-01T00:00:00Z[UTC]'));

/** Go's `*time.Location`, by its name. */
export class Location {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A constant of `time`. */
export class NamedInteger {
  readonly type: 'weekday' | 'month';
  readonly value: bigint;
  readonly name: string;

  constructor(type: NamedInteger['type'], value: bigint, name: string) {
    this.type = type;
    this.value = value;
    this.name = name;
  }
}

export const isNumber = (value: Value | undefined): value is bigint | number =>
  typeof value === 'bigint' || typeof value === 'number';
export const isNil = (value: Value) => value === null || (value instanceof List && value.isNil);

/** The type of a value, as Go prints it. */
export function typeOf(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    default:
      return value === null ? '<nil>' : typeOfObject(value);
  }
}

function typeOfObject(value: List | GoMap | Duration | Time | Location | NamedInteger): string {
  if (value instanceof List || value instanceof GoMap) {
    return formatType(value instanceof List ? listOf(value.of) : value.of);
  }
  if (value instanceof NamedInteger) {
    return formatType(value.type);
  }
  return formatType(value instanceof Duration ? 'duration' : value instanceof Time ? 'time' : 'location');
}

/** Go's integer of a number: a float is cut off; of NaN and what does not fit, the least integer, as amd64 has it. */
export function cutOff(value: bigint | number): bigint {
  if (typeof value === 'bigint') {
    return value;
  }
  return Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}

/** What stands for a key in a `Map`: NaN for no other NaN. Throws `ConditionError` for a list or a map. */
export function mapKey(key: Value): unknown {
  if (key instanceof List || key instanceof GoMap) {
    throw new ConditionError(`runtime error: hash of unhashable type ${typeOf(key)}`);
  }
  if (typeof key === 'number' && Number.isNaN(key)) {
    return Symbol('NaN');
  }
  if (key instanceof Duration) {
    return `time.Duration ${key.nanoseconds}`;
  }
  return key instanceof NamedInteger
    ? `${key.type} ${key.value}`
    : key instanceof Time
      ? `time ${key.at}`
      : typeof key === 'string'
        ? `"${key}`
        : key;
}

/** What a map holds under a key; nil stands for the empty text. Throws `ConditionError` for what cannot be a key of it. */
export function lookUp(map: GoMap, key: Value): Value | undefined {
  if (map.of === 'map' && key !== null && typeof key !== 'string') {
    throw new ConditionError(`reflect.Value.MapIndex: value of type ${typeOf(key)} is not assignable to type string`);
  }
  return map.entries.get(mapKey(map.of === 'map' ? (key ?? '') : key))?.[1];
}
