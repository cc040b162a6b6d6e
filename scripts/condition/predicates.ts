import type { Pointers, Scope } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { newList, sortBy } from './list-functions.ts';
import { operatorOf } from './operators.ts';
import { listOf, type Type } from './types.ts';
import { asBool, goMap, list, mapKey, type Value } from './values.ts';

/** The types in a call: of its list, of an element, and of the predicate's result. */
interface Types {
  readonly list: Type;
  readonly element: Type;
  readonly each: Type;
}

/** One evaluation of a function over the elements of a list. */
interface Walk {
  readonly items: readonly Value[];
  /** The predicate's result for an element; without a predicate the element itself. */
  readonly at: (item: Value, index: number) => Value;
  /** The last argument: the order of `sortBy`, the initial value of `reduce`. */
  readonly extra: (() => Value) | undefined;
  readonly pointers: Pointers;
}

/** A function such as `all`, which evaluates a predicate for each element. */
interface PredicateFunction {
  /** The least and the greatest number of arguments. The predicate is the second one. */
  readonly least: number;
  readonly most: number;
  /** Pointers that its predicate may use besides `#`. */
  readonly pointers: Scope['pointers'];
  /** Whether its predicate must return a boolean. */
  readonly isTest: boolean;
  readonly type: (types: Types) => Type;
  readonly run: (walk: Walk) => Value;
}

type Options = Partial<Pick<PredicateFunction, 'least' | 'most' | 'pointers'>>;
type Test = (item: Value, index: number) => boolean;

const define = (type: PredicateFunction['type'], run: PredicateFunction['run'], options: Options = {}) => ({
  ...{ least: 2, most: 2, pointers: new Map(), isTest: false, type, run },
  ...options,
});

const test = (
  type: Type | PredicateFunction['type'],
  run: (items: readonly Value[], holds: Test) => Value,
  options: Options = {},
): PredicateFunction => ({
  ...define(
    typeof type === 'function' ? type : () => type,
    ({ items, at }) => run(items, (item, index) => asBool(at(item, index))),
    options,
  ),
  isTest: true,
});

const position = (index: number) => (index === -1 ? null : BigInt(index));
const element = (types: Types) => types.element;
const each = (types: Types) => types.each;

/** The functions that take a predicate. */
export const PREDICATES: ReadonlyMap<string, PredicateFunction> = new Map(
  Object.entries({
    all: test('bool', (items, holds) => items.every(holds)),
    none: test('bool', (items, holds) => !items.some(holds)),
    any: test('bool', (items, holds) => items.some(holds)),
    one: test('bool', (items, holds) => items.filter(holds).length === 1),
    count: test('int', (items, holds) => BigInt(items.filter(holds).length), { least: 1 }),
    filter: test(
      (types) => listOf('any', types.element),
      (items, holds) => newList(items.filter(holds)),
    ),
    map: define(
      (types) => listOf('any', types.each),
      ({ items, at }) => newList(items.map(at)),
      { pointers: new Map([['index', 'int']]) },
    ),
    find: test(element, (items, holds) => items.find(holds) ?? null),
    findLast: test(element, (items, holds) => items.findLast(holds) ?? null),
    findIndex: test('int', (items, holds) => position(items.findIndex(holds))),
    findLastIndex: test('int', (items, holds) => position(items.findLastIndex(holds))),
    sum: define(each, sum, { least: 1 }),
    groupBy: define(() => 'groups', groupBy),
    sortBy: define(
      (types) => types.list,
      ({ items, at, extra }) => newList(sortBy(items, items.map(at), extra?.() ?? 'asc')),
      { most: 3 },
    ),
    reduce: define(each, reduce, {
      most: 3,
      pointers: new Map<string, Type>([
        ['index', 'int'],
        ['acc', 'unknown'],
      ]),
    }),
  }),
);

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
