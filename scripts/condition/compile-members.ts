import { spendOn } from './budget.ts';
import type { Compiled } from './compiled.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { integer } from './operators.ts';
import { textOf } from './text-functions.ts';
import { methodOf } from './time-methods.ts';
import { formatType, isAssignable, isInteger, isList, isMap, isUndecided, listOf, type Type } from './types.ts';
import { isKind, isNil, isNumber, list, lookUp, NIL_LIST, typeName, typeOf, type Value } from './values.ts';

/** Marks a chain that a `?.` ended: the rest of the chain is skipped. */
const CHAIN_END = list([]);

/** Compiles `list[0]` and `map.name`. Throws `ConditionError` for a type without such a member. */
export function compileMember(object: Compiled, property: Compiled, isOptional: boolean): Compiled {
  const type = memberType(object.type, property.type, property.literal);
  return {
    type,
    run: (frame) => {
      const value = object.run(frame);
      return value === CHAIN_END || (isOptional && isNil(value)) ? CHAIN_END : fetchMember(value, property.run(frame));
    },
  };
}

function memberType(object: Type, property: Type, name: Compiled['literal']): Type {
  const isKnown = !isUndecided(object);
  if (typeof name === 'string' && isKnown) {
    if (object === 'nil') {
      throw new ConditionError(`type nil has no field ${name}`);
    }
    if (methodOf(object, name) !== undefined) {
      throw new UnknownConditionError(`the method ${name} without a call`);
    }
  }
  if (isList(object)) {
    if (!isInteger(property) && !isUndecided(property)) {
      throw new ConditionError(`array elements can only be selected using an integer (got ${formatType(property)})`);
    }
    return object.element;
  }
  if (isMap(object)) {
    return mapElement(object, property);
  }
  if (isKnown) {
    throw new ConditionError(
      typeof name === 'string'
        ? `type ${formatType(object)} has no field ${name}`
        : `type ${formatType(object)}[${formatType(property)}] is undefined`,
    );
  }
  return 'unknown';
}

function mapElement(object: Type, property: Type): Type {
  if (!isUndecided(property) && !isAssignable(property, object === 'map' ? 'string' : 'any')) {
    throw new ConditionError(`cannot use ${formatType(property)} to get an element from ${formatType(object)}`);
  }
  return object === 'groups' ? listOf('any') : 'any';
}

/** `value.Method(…)`. The method is looked up at compile time where the type is known, else by the value at run time. */
export function compileMethod(
  object: Compiled,
  name: string,
  args: readonly Compiled[],
  isOptional: boolean,
): Compiled {
  const isKnown = !isUndecided(object.type);
  const known = isKnown ? methodOf(object.type, name) : undefined;
  if (known === undefined && isKnown && !isMap(object.type)) {
    throw new ConditionError(`type ${formatType(object.type)} has no method ${name}`);
  }
  return {
    type: known?.check([object, ...args].map((part) => part.type)) ?? 'unknown',
    run: (frame) => {
      const value = object.run(frame);
      if (value === CHAIN_END || (isOptional && isNil(value))) {
        return CHAIN_END;
      }
      const values = args.map((arg) => arg.run(frame));
      const method = known ?? methodOf(typeOf(value), name);
      if (method === undefined || value === null) {
        throw new ConditionError(`cannot fetch ${name} from ${typeName(value)}`);
      }
      if (known === undefined) {
        method.check([typeOf(value), ...args.map((): Type => 'any')]);
      }
      return method.run([value, ...values], frame);
    },
  };
}

/** Compiles a whole chain, such as `a?.b.c`: nil when a `?.` ended it. */
export function compileChain(last: Compiled): Compiled {
  return {
    type: last.type,
    run: (frame) => {
      const value = last.run(frame);
      return value === CHAIN_END || isNil(value) ? null : value;
    },
  };
}

/** Compiles `list[from:to]`, also for the UTF-8 bytes of a text. Without a bound, the slice reaches that end. */
export function compileSlice(object: Compiled, from: Compiled | undefined, to: Compiled | undefined): Compiled {
  if (!isList(object.type) && !isUndecided(object.type) && object.type !== 'string') {
    throw new ConditionError(`cannot slice ${formatType(object.type)}`);
  }
  for (const bound of isUndecided(object.type) ? [] : [from, to]) {
    if (bound !== undefined && !isInteger(bound.type) && !isUndecided(bound.type)) {
      throw new ConditionError(`non-integer slice index ${formatType(bound.type)}`);
    }
  }
  return {
    type: isUndecided(object.type) ? 'unknown' : object.type,
    run: (frame) => {
      const value = object.run(frame);
      const end = to?.run(frame);
      const start = from?.run(frame);
      if (!isKind(value, 'list') && typeof value !== 'string') {
        throw new ConditionError(`cannot slice ${typeName(value)}`);
      }
      spendOn(value);
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value.items;
      const last = end === undefined ? bytes.length : bound(end, bytes.length);
      const first = Math.min(start === undefined ? 0 : bound(start, bytes.length), last);
      if (isKind(value, 'list')) {
        return list(value.items.slice(first, last), value.of, value.isNil);
      }
      return textOf((bytes as Uint8Array).subarray(first, last), 'half a character');
    },
  };
}

/** A bound of a slice, limited to 0 and `length`; a negative one counts from the end. */
function bound(value: Value, length: number): number {
  const index = Number(integer(value));
  return Math.min(Math.max(index < 0 ? length + index : index, 0), length);
}

/** Compiles `get(list, index)` and `get(map, key)`: nil where there is no such element. */
export function compileGet([object, property, ...rest]: readonly Compiled[]): Compiled {
  if (object === undefined || property === undefined || rest.length > 0) {
    throw new ConditionError('invalid number of arguments for get (expected 2)');
  }
  if (!isList(object.type) && !isMap(object.type) && !isUndecided(object.type)) {
    throw new ConditionError(`type ${formatType(object.type)} does not support indexing`);
  }
  return {
    type: memberType(object.type, property.type, undefined),
    run: (frame) => {
      const [value, key] = [object.run(frame), property.run(frame)];
      return value === null ? null : (find(value, key) ?? null);
    },
  };
}

/** An element by its index, from the end if negative, or a value by its key; undefined where there is none. */
function find(object: Value, property: Value): Value | undefined {
  if (isKind(object, 'map')) {
    return lookUp(object, property);
  }
  if (isKind(object, 'list')) {
    return object.items.at(Number(integer(property)));
  }
  if (typeof object === 'string') {
    const index = Number(integer(property));
    const byte = new TextEncoder().encode(object).at(index);
    return byte === undefined ? undefined : BigInt(byte);
  }
  if (typeof property === 'string' && methodOf(typeOf(object), property) !== undefined) {
    throw new UnknownConditionError(`the method ${property} without a call`);
  }
  return undefined;
}

/** An element of a list, or the value of a key. Throws `ConditionError` for a missing element; a missing key is nil. */
function fetchMember(object: Value, property: Value): Value {
  // A short path for the usual condition, `result[0]`.
  if (isKind(object, 'list') && isNumber(property)) {
    const item = object.items.at(Number(integer(property)));
    if (item === undefined) {
      throw new ConditionError(`index out of range: ${property} (array length is ${object.items.length})`);
    }
    return item;
  }
  const found = find(object, property);
  if (found !== undefined) {
    return found;
  }
  if (isKind(object, 'map')) {
    return object.of === 'groups' ? NIL_LIST : null;
  }
  const name = typeof property === 'string' ? property : typeName(property);
  throw new ConditionError(`cannot fetch ${name} from ${typeName(object)}`);
}
