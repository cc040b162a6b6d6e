import { ConditionError } from './errors.ts';
import { typeOf, type Value } from './types.ts';

/** The maps of `groupBy`, whose keys may be anything. All others have texts. */
const groups = new WeakSet<ReadonlyMap<Value, Value>>();

/** The map, known from now on as one of `groupBy`. */
export function asGroups<Groups extends ReadonlyMap<Value, Value>>(map: Groups): Groups {
  groups.add(map);
  return map;
}

/** What a map is asked for: nil stands for the empty text. Throws `ConditionError` for what cannot be a key of it. */
export function keyOf(map: ReadonlyMap<Value, Value>, key: Value): Value {
  if (groups.has(map)) {
    return groupKey(key);
  }
  if (key !== null && typeof key !== 'string') {
    throw new ConditionError(`reflect.Value.MapIndex: value of type ${typeOf(key)} is not assignable to type string`);
  }
  return key ?? '';
}

/** A key of `groupBy`. Throws `ConditionError` for a list or a map. */
export function groupKey(key: Value): Value {
  if (Array.isArray(key) || key instanceof Map) {
    throw new ConditionError(`runtime error: hash of unhashable type ${typeOf(key)}`);
  }
  return key;
}

/** A key of a map written out. Throws `ConditionError` for what is no text. */
export function textKey(key: Value): string {
  if (typeof key !== 'string') {
    throw new ConditionError(`interface conversion: interface {} is ${typeOf(key)}, not string`);
  }
  return key;
}
