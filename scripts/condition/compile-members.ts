import { spendOn } from './budget.ts';
import type { Compiled } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { pieceOf } from './list-origin.ts';
import { keyOf } from './map-keys.ts';
import { integer } from './operators.ts';
import { formatType, isList, isMap, type Type, typeOf, type Value, withoutCommon } from './types.ts';

/** `list[0]`, `map.name`. */
export function compileMember(object: Compiled, property: Compiled, isOptional = false): Compiled {
  const isIndex = property.type === 'int' || property.type === 'any';
  if (isList(object.type) && !isIndex) {
    throw new ConditionError(`array elements can only be selected using an integer (got ${formatType(property.type)})`);
  }
  if (object.type === 'map' && !['nil', 'any', 'string'].some((type) => property.type === type)) {
    throw new ConditionError(
      `cannot use ${formatType(property.type)} to get an element from ${formatType(object.type)}`,
    );
  }
  if (!isList(object.type) && object.type !== 'any' && !isMap(object.type)) {
    throw new ConditionError(`type ${formatType(object.type)}[${formatType(property.type)}] is undefined`);
  }
  const type: Type = isList(object.type) ? object.type.list : object.type === 'groups' ? { list: 'any' } : 'any';
  return {
    type,
    run: (frame) => {
      const value = object.run(frame);
      if (isOptional && value === null) {
        throw CHAIN_END;
      }
      return fetchMember(value, property.run(frame));
    },
  };
}

/** Thrown by a `?.` behind nil, whatever names follow, up to the end of its chain. */
const CHAIN_END = new ConditionError('nil ends the chain');

/** `map?.name.name`, with all its names; nil where a `?.` ends it. */
export function compileChain(last: Compiled): Compiled {
  return {
    type: last.type,
    run: (frame) => {
      try {
        return last.run(frame);
      } catch (error) {
        if (error === CHAIN_END) {
          return null;
        }
        throw error;
      }
    },
  };
}

/** `list[from:to]`; a bound left out is the list's own end. */
export function compileSlice(object: Compiled, from: Compiled | undefined, to: Compiled | undefined): Compiled {
  if (!isList(object.type) && object.type !== 'any' && object.type !== 'string') {
    throw new ConditionError(`cannot slice ${formatType(object.type)}`);
  }
  for (const bound of [from, to]) {
    if (bound !== undefined && bound.type !== 'int' && bound.type !== 'any') {
      throw new ConditionError(`non-integer slice index ${formatType(bound.type)}`);
    }
  }
  return {
    type: withoutCommon(object.type),
    run: (frame) => {
      const value = object.run(frame);
      if (!Array.isArray(value) && typeof value !== 'string') {
        throw new ConditionError(`cannot slice ${typeOf(value)}`);
      }
      spendOn(value);
      const bounds = [from, to].map((bound) => bound && Number(integer(bound.run(frame))));
      const [start = 0, end = value.length] = bounds.map((bound) => bound && fromStart(bound, value.length));
      return typeof value === 'string' ? value.slice(start, end) : pieceOf(value, Math.min(start, end), end);
    },
  };
}

/** A bound of a slice; a negative one counts from the end. */
function fromStart(bound: number, length: number): number {
  return Math.min(Math.max(bound < 0 ? length + bound : bound, 0), length);
}

/** `get(list, index)` is nil where there is no such element. */
export function compileGet([object, property, ...rest]: readonly Compiled[]): Compiled {
  if (object === undefined || property === undefined || rest.length > 0) {
    throw new ConditionError('invalid number of arguments for get (expected 2)');
  }
  if (property.type === 'nil' && object.type !== 'any') {
    throw new ConditionError(`cannot use nil as ${isList(object.type) ? 'slice' : 'map'} index`);
  }
  const { type } = compileMember(object, property);
  return {
    type,
    run: (frame) => {
      const [value, key] = [object.run(frame), property.run(frame)];
      try {
        return fetchMember(value, key);
      } catch (error) {
        if (error instanceof ConditionError) {
          return null;
        }
        throw error;
      }
    },
  };
}

/** An element by its index, from the end if negative, or a value by its key. Throws `ConditionError` past either end. */
function fetchMember(object: Value, property: Value): Value {
  if (object instanceof Map) {
    return object.get(keyOf(object, property)) ?? null;
  }
  const index = Number(property);
  const item =
    Array.isArray(object) && (typeof property === 'bigint' || typeof property === 'number')
      ? object.at(index)
      : undefined;
  if (item === undefined) {
    throw new ConditionError(
      Array.isArray(object)
        ? 'reflect: slice index out of range'
        : `cannot fetch ${String(property)} from ${typeOf(object)}`,
    );
  }
  return item;
}
