import { allocate, spend } from './budget.ts';
import { isEqual } from './equality.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { applyBinary } from './operators.ts';
import { define, type Overload } from './signature.ts';
import { GoMap, List, NIL_LIST, typeOf, type Value } from './values.ts';

/** The language's functions of lists and maps that take no predicate. */
export const LIST_FUNCTIONS: readonly Overload[] = [
  define('len(list|map|string) int', ([value]) =>
    BigInt(
      value instanceof List ? value.items.length : value instanceof GoMap ? value.entries.size : [...value].length,
    ),
  ),
  // What has no first element has none, and is no error; a text has its bytes.
  define('first(elements) element', ([value]) => end(value, 0)),
  define('last(elements) element', ([value]) => end(value, -1)),
  define('take(list, integer) same', ([{ of, items }, count]) => {
    if (count < 0n) {
      throw new ConditionError('reflect.Value.Slice: slice index out of bounds');
    }
    return new List(of, items.slice(0, Number(count)));
  }),
  define('reverse(list) []any', ([{ items }]) => made(items.toReversed())),
  define('uniq(list) []any', ([{ items }]) => {
    const kept: Value[] = [];
    for (const item of items) {
      if (!kept.some((one) => isEqual(item, one))) {
        kept.push(item);
      }
    }
    return new List('any', kept);
  }),
  define('concat(list...) []any', (lists) => {
    const items = lists.flatMap((list) => list.items);
    return items.length === 0 ? NIL_LIST : made(items);
  }),
  define('flatten(list) []any', ([list]) => made(flatten(list))),
  ...['sort(sortable) []any', 'sort(sortable, string) []any'].map((signature) =>
    define(signature as 'sort(sortable, string) []any', ([list, order = 'asc']) => sort(list, order)),
  ),
  define(
    'keys(map) []any',
    ([map]) =>
      new List(
        'any',
        Array.from(map.entries.values(), ([key]) => key),
      ),
  ),
  define(
    'values(map) []any',
    ([map]) =>
      new List(
        'any',
        Array.from(map.entries.values(), ([, value]) => value),
      ),
  ),
  define(
    'toPairs(map) []any',
    ([map]) =>
      new List(
        'pair',
        Array.from(map.entries.values(), (pair) => new List('half', pair)),
      ),
  ),
  define('fromPairs(list) pairs map', ([list]) => new GoMap('pairs map', list.items.map(pairOf))),
];

/** Go copies no list of pairs, and sorts nothing then. */
function sort({ of, items }: List, order: string): List {
  const isCopied = of !== 'pair' && of !== 'half';
  const sorted = sortBy(isCopied ? items : [], items, order);
  return isCopied ? made(sorted) : NIL_LIST;
}

function made(items: readonly Value[]): List {
  allocate(items.length);
  return new List('any', items);
}

function end(value: Value, index: number): Value {
  if (typeof value === 'string' && value !== '') {
    throw new UnknownConditionError('a byte of a text');
  }
  return value instanceof List
    ? (value.items.at(index) ?? null)
    : value instanceof GoMap
      ? (value.entries.get(BigInt(index))?.[1] ?? null)
      : null;
}

function flatten({ items }: List): readonly Value[] {
  spend(items.length);
  return items.flatMap((item) => (item instanceof List ? flatten(item) : [item]));
}

function pairOf(pair: Value): readonly [Value, Value] {
  const [key = null, value = null] = pair instanceof List && pair.items.length === 2 ? pair.items : [];
  if (!(pair instanceof List) || pair.items.length !== 2) {
    throw new ConditionError(`invalid pair ${typeOf(pair)}`);
  }
  return [key, value];
}

/**
 * The items in the order of their keys. NaN is neither before nor after anything and stays where the comparisons leave it: as Go sorts up
 * to twelve; among more of them, and of equal keys, Go may leave another order.
 */
export function sortBy(items: readonly Value[], keys: readonly Value[], order: Value): readonly Value[] {
  if (order !== 'asc' && order !== 'desc') {
    throw new ConditionError(`invalid order ${typeOf(order)}, expected asc or desc`);
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
