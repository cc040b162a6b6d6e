import { allocate, spend } from './budget.ts';
import { isEqual } from './equality.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { applyBinary } from './operators.ts';
import { type Definition, define } from './signature.ts';
import { type GoMap, goMap, isKind, type List, list, NIL_LIST, typeName, type Value } from './values.ts';

/** The language's functions of lists and maps that take no predicate. */
export const LIST_FUNCTIONS: readonly Definition[] = [
  define('len(list|map|string) int', ([value]) =>
    BigInt(isKind(value, 'list') ? value.items.length : isKind(value, 'map') ? value.entries.size : [...value].length),
  ),
  define('first(elements) element', ([value]) => end(value, 0)),
  define('last(elements) element', ([value]) => end(value, -1)),
  define('take(list, integer) same', ([{ of, items }, count]) => {
    if (count < 0n) {
      throw new ConditionError('reflect.Value.Slice: slice index out of bounds');
    }
    return list(items.slice(0, Number(count)), of);
  }),
  define('reverse(list) []any', ([{ items }]) => newList(items.toReversed())),
  define('uniq(list) []any', ([{ items }]) => {
    const kept: Value[] = [];
    for (const item of items) {
      if (!kept.some((one) => isEqual(item, one))) {
        kept.push(item);
      }
    }
    return list(kept);
  }),
  define('concat(list...) []any', (lists) => {
    const items = lists.flatMap((one) => one.items);
    return items.length === 0 ? NIL_LIST : newList(items);
  }),
  define('flatten(list) []any', ([value]) => newList(flatten(value))),
  define('sort(sortable, string?) []any', ([value, order = 'asc']) => sort(value, order)),
  define('keys(map) []any', ([map]) => list(pairsOf(map).map(([key]) => key))),
  define('values(map) []any', ([map]) => list(pairsOf(map).map(([, value]) => value))),
  define('toPairs(map) []any', ([map]) => {
    const pairs = pairsOf(map).map((pair) => list(pair, 'half'));
    return list(pairs, 'pair');
  }),
  define('fromPairs(list) pairs map', ([{ items }]) => goMap('pairs map', items.map(pairOf))),
];

const pairsOf = (map: GoMap) => [...map.entries.values()];

/** A new list; its elements count against the budget. Throws `ConditionError` when they are too many. */
export function newList(items: readonly Value[]): List {
  allocate(items.length);
  return list(items);
}

/** A sorted copy. expr sorts lists of any, int, float and string only; for other values the result is a nil list. */
function sort(value: Value, order: string): List {
  if (!isKind(value, 'list') || value.of === 'pair' || value.of === 'half') {
    sortBy([], [], order);
    return NIL_LIST;
  }
  return newList(sortBy(value.items, value.items, order));
}

/** The first or the last element; nil for an empty list and for a value without elements. */
function end(value: Value, index: number): Value {
  if (typeof value === 'string' && value !== '') {
    throw new UnknownConditionError('a byte of a text');
  }
  const found = isKind(value, 'list')
    ? value.items.at(index)
    : isKind(value, 'map')
      ? value.entries.get(BigInt(index))?.[1]
      : undefined;
  return found ?? null;
}

function flatten({ items }: List): readonly Value[] {
  spend(items.length);
  return items.flatMap((item) => (isKind(item, 'list') ? flatten(item) : [item]));
}

function pairOf(pair: Value): readonly [Value, Value] {
  const [key, value, ...rest] = isKind(pair, 'list') ? pair.items : [];
  if (key === undefined || value === undefined || rest.length > 0) {
    throw new ConditionError(`invalid pair ${typeName(pair)}`);
  }
  return [key, value];
}

/**
 * The items sorted by their keys. Up to 12 items are sorted by insertion, as in Go, so a NaN, which is neither before nor after anything,
 * ends at the same place. With more items, Go may order NaN and equal keys otherwise.
 */
export function sortBy(items: readonly Value[], keys: readonly Value[], order: Value): readonly Value[] {
  if (order !== 'asc' && order !== 'desc') {
    throw new ConditionError(`invalid order ${typeName(order)}, expected asc or desc`);
  }
  const op = order === 'desc' ? '>' : '<';
  const isBefore = (a: number, b: number) => applyBinary(op, keys[a] ?? null, keys[b] ?? null) === true;
  const places = items.map((_, index) => index);
  if (places.length > 12) {
    places.sort((a, b) => Number(isBefore(b, a)) - Number(isBefore(a, b)));
  } else {
    for (let last = 1; last < places.length; last++) {
      for (let at = last; at > 0 && isBefore(places[at] as number, places[at - 1] as number); at--) {
        [places[at - 1], places[at]] = [places[at] as number, places[at - 1] as number];
      }
    }
  }
  spend(places.length * 10);
  return places.map((place) => items[place] as Value);
}
