import { elementType } from './list-origin.ts';

/** What the language's checker calls a value before it knows it. `any` is decided when the condition runs. */
export type Type =
  | 'int'
  | 'float'
  | 'bool'
  | 'string'
  | 'nil'
  | 'any'
  | 'duration'
  /** Of texts to anything. */
  | 'map'
  /** Of anything to lists: what `groupBy` answers. */
  | 'groups'
  | ListType;

export interface ListType {
  readonly list: Type;
  /** Of a list written out, whose elements are of any type: the type that they have in common. */
  readonly common?: Type | undefined;
}

/** A value while a condition runs: integers are bigints, floats numbers, durations objects. */
export type Value = bigint | number | boolean | string | null | readonly Value[] | ReadonlyMap<Value, Value> | Duration;
export interface Duration {
  readonly nanoseconds: bigint;
}

export const isNumeric = (type: Type) => type === 'int' || type === 'float';
export const isMap = (type: Type) => type === 'map' || type === 'groups';
export const isList = (type: Type): type is ListType => typeof type === 'object';

/** As Go prints it. */
export function formatType(type: Type): string {
  if (isList(type)) {
    return `[]${formatType(type.list)}`;
  }
  const names: Partial<Record<string, string>> = {
    float: 'float64',
    nil: '<nil>',
    any: 'interface {}',
    map: 'map[string]interface {}',
    groups: 'map[interface {}][]interface {}',
    duration: 'time.Duration',
  };
  return names[type] ?? type;
}

/** The type of a list that is not written out where it is used: what its elements have in common is forgotten. */
export function withoutCommon(type: Type): Type {
  return isList(type) ? { list: type.list } : type;
}

/** Whether a value of one type may stand where the other is declared; anything may where nothing is. */
export function isAssignable(type: Type, declared: Type): boolean {
  return declared === 'any' || formatType(type) === formatType(declared);
}

/** Whether either side is undecided and the other one fits, or both are undecided. */
export function fits(left: Type, right: Type, ...wanted: readonly ((type: Type) => boolean)[]): boolean {
  const one = (type: Type) => wanted.some((is) => is(type));
  return (left === 'any' && (right === 'any' || one(right))) || (right === 'any' && one(left));
}

/** Whether `==` may be asked: of the same kind, of two numbers, or where one side is undecided or nil. */
export function isComparable(left: Type, right: Type): boolean {
  return (
    [left, right].some((type) => type === 'nil' || type === 'any') ||
    (isNumeric(left) && isNumeric(right)) ||
    left === right ||
    (isList(left) && isList(right)) ||
    (isMap(left) && isMap(right))
  );
}

/** The type of a value, for messages of errors at run time. */
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
      return value === null
        ? '<nil>'
        : Array.isArray(value)
          ? `[]${elementType(value)}`
          : value instanceof Map
            ? 'map'
            : 'time.Duration';
  }
}

/** Go's integer of a number: a float is cut off; of NaN and what does not fit, the least integer, as amd64 has it. */
export function cutOff(value: bigint | number): bigint {
  if (typeof value === 'bigint') {
    return value;
  }
  return Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}
