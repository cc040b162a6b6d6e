import type { Pointers } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { newList, sortBy } from './list-functions.ts';
import { operatorOf } from './operators.ts';
import { listOf, type Type } from './types.ts';
import { goMap, list, mapKey, type Value } from './values.ts';

/** One evaluation of a function over the elements of a list. */
interface Walk {
  readonly items: readonly Value[];
  /** The predicate's result for an element; without a predicate the element itself. */
  readonly at: (item: Value, index: number) => Value;
  /** The same, as the boolean that it must be. */
  readonly holds: (item: Value, index: number) => boolean;
  /** The last argument: the order of `sortBy`, the initial value of `reduce`. */
  readonly extra: (() => Value) | undefined;
  readonly pointers: Pointers;
}

/** A function such as `all`, which evaluates a predicate for each element. */
interface PredicateFunction {
  /** The least and the greatest number of arguments. The predicate is the second one. */
  readonly least: number;
  readonly most: number;
  /** The types of the pointers that its predicate may use besides `#`. */
  readonly pointers: ReadonlyMap<string, Type>;
  /** Whether its predicate must return a boolean. */
  readonly isTest: boolean;
  /** The type of its result, from those of its list, of an element, and of the predicate's result. */
  readonly type: (types: Readonly<Record<'list' | 'element' | 'each', Type>>) => Type;
  readonly run: (walk: Walk) => Value;
}

/**
 * Defines a function by its name, what follows its list, and its result: `map(each #index) []each`. The predicate is a `test`, which
 * returns a boolean, or `each`, which returns anything; the pointers that it may use follow. A part with `?` may be left out.
 */
function define(signature: string, run: PredicateFunction['run']): readonly [string, PredicateFunction] {
  const [, name = '', text = '', result = ''] = /^(\w+)\((.+)\) (.+)$/.exec(signature) ?? [];
  const parts = text.split(', ');
  const pointers = [...text.matchAll(/#(\w+)/g)].map(([, pointer]) => pointer as string);
  const [isOfMany, word] = [result.startsWith('[]'), result.replace('[]', '')];
  const definition: PredicateFunction = {
    least: 1 + parts.filter((part) => !part.endsWith('?')).length,
    most: 1 + parts.length,
    pointers: new Map(pointers.map((pointer) => [pointer, pointer === 'index' ? 'int' : 'unknown'])),
    isTest: text.startsWith('test'),
    type(types) {
      const type = types[word as keyof typeof types] ?? (word as Type);
      return isOfMany ? listOf('any', type) : type;
    },
    run,
  };
  return [name, definition];
}

const position = (index: number) => (index === -1 ? null : BigInt(index));

/** The functions that take a predicate. */
export const PREDICATES: ReadonlyMap<string, PredicateFunction> = new Map([
  define('all(test) bool', ({ items, holds }) => items.every(holds)),
  define('none(test) bool', ({ items, holds }) => !items.some(holds)),
  define('any(test) bool', ({ items, holds }) => items.some(holds)),
  define('one(test) bool', ({ items, holds }) => items.filter(holds).length === 1),
  define('count(test?) int', ({ items, holds }) => BigInt(items.filter(holds).length)),
  define('filter(test) []element', ({ items, holds }) => newList(items.filter(holds))),
  define('map(each #index) []each', ({ items, at }) => newList(items.map(at))),
  define('find(test) element', ({ items, holds }) => items.find(holds) ?? null),
  define('findLast(test) element', ({ items, holds }) => items.findLast(holds) ?? null),
  define('findIndex(test) int', ({ items, holds }) => position(items.findIndex(holds))),
  define('findLastIndex(test) int', ({ items, holds }) => position(items.findLastIndex(holds))),
  define('sum(each?) each', sum),
  define('groupBy(each) groups', groupBy),
  define('sortBy(each, order?) list', ({ items, at, extra }) =>
    newList(sortBy(items, items.map(at), extra?.() ?? 'asc')),
  ),
  define('reduce(each #index #acc, initial?) each', reduce),
]);

function sum({ items, at }: Walk): Value {
  const { run: add } = operatorOf('+');
  return items.reduce<Value>((total, item, index) => add(at(item, index), total), 0n);
}

function groupBy({ items, at }: Walk): Value {
  const keys = items.map(at);
  const groups = Map.groupBy(items.keys(), (index) => mapKey(keys[index] as Value));
  const pairs = Array.from(groups.values(), (places) => {
    const members = places.map((place) => items[place] as Value);
    return [keys[places[0] as number] as Value, list(members)] as const;
  });
  return goMap('groups', pairs);
}

function reduce({ items, at, extra, pointers }: Walk): Value {
  const [first] = items;
  if (first === undefined && extra === undefined) {
    throw new ConditionError('reflect: slice index out of range');
  }
  // An initial value that uses `#` reads the first element.
  pointers.acc = extra === undefined ? (first as Value) : extra();
  for (let index = extra === undefined ? 1 : 0; index < items.length; index++) {
    pointers.acc = at(items[index] as Value, index);
  }
  return pointers.acc;
}
