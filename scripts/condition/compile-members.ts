import { spendOn } from './budget.ts';
import type { Compiled, Frame } from './compiled.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { textOf } from './text-functions.ts';
import { methodOf } from './time-functions.ts';
import { formatType, isAssignable, isInteger, isList, isMap, isUndecided, listOf, type Type } from './types.ts';
import { elementsOf, integer, isKind, isNil, list, lookUp, NIL_LIST, typeName, typeOf, type Value } from './values.ts';

/** Marks a chain that a `?.` ended: the rest of the chain is skipped. */
const CHAIN_END = list([]);

/** Runs `read` on an object, unless the chain ended before it or, with `?.`, ends at it. */
function readFrom(object: Compiled, isOptional: boolean, read: (value: Value, frame: Frame) => Value): Compiled['run'] {
  return (frame) => {
    const value = object.run(frame);
    return value === CHAIN_END || (isOptional && isNil(value)) ? CHAIN_END : read(value, frame);
  };
}

/** Compiles `list[0]` and `map.name`. Throws `ConditionError` for a type without such a member. */
export function compileMember(object: Compiled, property: Compiled, isOptional: boolean): Compiled {
  const type = memberType(object.type, property.type, property.literal);
  return { type, run: readFrom(object, isOptional, (value, frame) => fetchMember(value, property.run(frame))) };
}

function memberType(object: Type, property: Type, name: Compiled['literal']): Type {
  const isAny = isUndecided(property);
  if (typeof name === 'string' && !isUndecided(object) && methodOf(object, name) !== undefined) {
    throw new UnknownConditionError(`the method ${name} without a call`);
  }
  if (isList(object)) {
    if (!isInteger(property) && !isAny) {
      throw new ConditionError(`array elements can only be selected using an integer (got ${formatType(property)})`);
    }
    return object.element;
  }
  if (isMap(object)) {
    if (!isAny && !isAssignable(property, object === 'map' ? 'string' : 'any')) {
      throw new ConditionError(`cannot use ${formatType(property)} to get an element from ${formatType(object)}`);
    }
    return object === 'groups' ? listOf('any') : 'any';
  }
  if (!isUndecided(object)) {
    const member = typeof name === 'string' ? ` has no field ${name}` : `[${formatType(property)}] is undefined`;
    throw new ConditionError(`type ${formatType(object)}${member}`);
  }
  return 'unknown';
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
    run: readFrom(object, isOptional, (value, frame) => {
      const values = args.map((arg) => arg.run(frame));
      const method = known ?? methodOf(typeOf(value), name);
      if (method === undefined || value === null) {
        throw new ConditionError(`cannot fetch ${name} from ${typeName(value)}`);
      }
      if (known === undefined) {
        method.check([typeOf(value), ...args.map((): Type => 'any')]);
      }
      if (values.includes(null)) {
        throw new UnknownConditionError('nil as an argument of a method');
      }
      return method.run([value, ...values], frame);
    }),
  };
}

/** Compiles a whole chain, such as `a?.b.c`: nil when a `?.` ended it. */
export function compileChain(last: Compiled): Compiled {
  const run: Compiled['run'] = (frame) => {
    const value = last.run(frame);
    return value === CHAIN_END || isNil(value) ? null : value;
  };
  return { type: last.type, run };
}

/** Compiles `list[from:to]`, also for the UTF-8 bytes of a text. Without a bound, the slice reaches that end. */
export function compileSlice(object: Compiled, from: Compiled | undefined, to: Compiled | undefined): Compiled {
  const isAny = isUndecided(object.type);
  if (!isList(object.type) && !isAny && object.type !== 'string') {
    throw new ConditionError(`cannot slice ${formatType(object.type)}`);
  }
  for (const bound of isAny ? [] : [from, to]) {
    if (bound !== undefined && !isInteger(bound.type) && !isUndecided(bound.type)) {
      throw new ConditionError(`non-integer slice index ${formatType(bound.type)}`);
    }
  }
  return {
    type: isAny ? 'unknown' : object.type,
    run: (frame) => {
      const value = object.run(frame);
      const end = to?.run(frame);
      const start = from?.run(frame);
      const elements = elementsOf(value);
      if (elements === undefined) {
        throw new ConditionError(`cannot slice ${typeName(value)}`);
      }
      spendOn(value);
      const last = end === undefined ? elements.length : bound(end, elements.length);
      const first = Math.min(start === undefined ? 0 : bound(start, elements.length), last);
      const kept = elements.slice(first, last);
      if (isKind(value, 'list')) {
        return value === NIL_LIST ? value : list(kept, value.of);
      }
      return textOf(Uint8Array.from(kept, Number), 'half a character');
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
  const elements = elementsOf(object);
  if (elements !== undefined) {
    return elements.at(Number(integer(property)));
  }
  if (typeof property === 'string' && methodOf(typeOf(object), property) !== undefined) {
    throw new UnknownConditionError(`the method ${property} without a call`);
  }
  return undefined;
}

/** An element of a list, or the value of a key. Throws `ConditionError` for a missing element; a missing key is nil. */
function fetchMember(object: Value, property: Value): Value {
  const found = find(object, property);
  if (found !== undefined) {
    return found;
  }
  if (isKind(object, 'map')) {
    return object.of === 'groups' ? NIL_LIST : null;
  }
  const length = elementsOf(object)?.length;
  throw new ConditionError(
    length === undefined
      ? `cannot fetch ${typeof property === 'string' ? property : typeName(property)} from ${typeName(object)}`
      : `index out of range: ${property} (array length is ${length})`,
  );
}
