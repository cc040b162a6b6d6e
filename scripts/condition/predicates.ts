import { spend } from './budget.ts';
import type { Compiled, Frame } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { newList, sortBy } from './list-functions.ts';
import { applyBinary } from './operators.ts';
import { isList, listOf, type Type } from './types.ts';
import { goMap, list, mapKey, typeName, type Value } from './values.ts';

/** The types in a call: of its list, of an element, of the predicate's result, and of the last argument. */
interface Types {
  readonly list: Type;
  readonly element: Type;
  readonly each: Type;
  readonly extra: Type | undefined;
}

/** A function such as `all`, which evaluates a predicate for each element. */
interface PredicateFunction {
  /** The least and the greatest number of arguments. The predicate is the second one. */
  readonly least: number;
  readonly most: number;
  /** Pointers that its predicate may use besides `#`: `#index`, `#acc`. */
  readonly pointers: readonly string[];
  /** Whether its predicate must return a boolean. */
  readonly isTest: boolean;
  readonly type: (types: Types) => Type;
  readonly run: (walk: Walk) => Value;
}

/** One evaluation of a function over the elements of a list. */
export class Walk {
  readonly items: readonly Value[];
  readonly frame: Frame;
  readonly extra: Compiled | undefined;
  readonly #each: Compiled | undefined;

  /** `extra` is the last argument: the `map` of a search, the order of `sortBy`, the initial value of `reduce`. */
  constructor(items: readonly Value[], frame: Frame, each: Compiled | undefined, extra: Compiled | undefined) {
    this.items = items;
    this.frame = frame;
    this.#each = each;
    this.extra = extra;
  }

  /** The predicate's result for an element; without a predicate the element itself. */
  readonly at = (item: Value, index: number): Value => this.#run(this.#each, item, index);
  readonly holds = (item: Value, index: number): boolean => asBool(this.at(item, index));

  /** The result of a search that found the element at `index`; an `index` of -1 means that it found none. */
  found(index: number, otherwise: () => Value = () => null): Value {
    if (index === -1) {
      return otherwise();
    }
    const item = this.items[index] as Value;
    return this.extra === undefined ? item : this.#run(this.extra, item, index);
  }

  #run(part: Compiled | undefined, item: Value, index: number): Value {
    spend(1);
    this.frame.element = item;
    this.frame.index = index;
    return part === undefined ? item : part.run(this.frame);
  }
}

const define = (
  type: Type | ((types: Types) => Type),
  run: (walk: Walk) => Value,
  { least = 2, most = 2, pointers = [], isTest = true }: Partial<PredicateFunction> = {},
): PredicateFunction => ({ least, most, pointers, isTest, type: typeof type === 'function' ? type : () => type, run });

const position = (index: number) => (index === -1 ? null : BigInt(index));
const outOfRange = (): never => {
  throw new ConditionError('reflect: slice index out of range');
};
const ofElement = ({ element, extra }: Types) => extra ?? element;
const ofElementOrAny = ({ element, extra }: Types) => extra ?? (element === 'unknown' ? 'any' : element);
const sum = ({ items, at }: Walk) =>
  items.reduce<Value>((total, item, index) => applyBinary('+', at(item, index), total), 0n);

/** What expr's optimizer makes of `sum(map(…))`. Unlike in `sum`, the predicate may use `#index`. */
export const SUM_OF_MAP = 'sum of map';
/** What expr's optimizer makes of `filter(…)[0]` and `filter(…)[-1]`. Unlike in `find`, it is an error to find nothing. */
export const FIND_OR_THROW = 'find or throw';
export const FIND_LAST_OR_THROW = 'findLast or throw';

export const PREDICATES: ReadonlyMap<string, PredicateFunction> = new Map(
  Object.entries({
    all: define('bool', ({ items, holds }) => items.every(holds)),
    none: define('bool', ({ items, holds }) => !items.some(holds)),
    any: define('bool', ({ items, holds }) => items.some(holds)),
    one: define('bool', ({ items, holds }) => items.filter(holds).length === 1),
    count: define('int', ({ items, holds }) => BigInt(items.filter(holds).length), { least: 1 }),
    filter: define(
      (types) => listOf('any', isList(types.list) ? ofElement(types) : types.extra),
      (walk) => newList(walk.items.flatMap((item, index) => (walk.holds(item, index) ? [walk.found(index)] : []))),
    ),
    map: define(
      ({ each }) => listOf('any', each),
      ({ items, at }) => newList(items.map(at)),
      {
        pointers: ['index'],
        isTest: false,
      },
    ),
    find: define(ofElement, (walk) => walk.found(walk.items.findIndex(walk.holds))),
    findLast: define(ofElement, (walk) => walk.found(walk.items.findLastIndex(walk.holds))),
    [FIND_OR_THROW]: define(ofElementOrAny, (walk) => walk.found(walk.items.findIndex(walk.holds), outOfRange)),
    [FIND_LAST_OR_THROW]: define(ofElementOrAny, (walk) =>
      walk.found(walk.items.findLastIndex(walk.holds), outOfRange),
    ),
    findIndex: define('int', ({ items, holds }) => position(items.findIndex(holds))),
    findLastIndex: define('int', ({ items, holds }) => position(items.findLastIndex(holds))),
    sum: define(({ each }) => each, sum, { least: 1, isTest: false }),
    [SUM_OF_MAP]: define(({ each }) => each, sum, { pointers: ['index'], isTest: false }),
    groupBy: define('groups', groupBy, { isTest: false }),
    sortBy: define(
      (types) => types.list,
      ({ items, at, extra, frame }) => {
        const order = extra?.run(frame) ?? 'asc';
        return newList(sortBy(items, items.map(at), order));
      },
      { most: 3, isTest: false },
    ),
    reduce: define(({ each }) => each, reduce, { most: 3, pointers: ['index', 'acc'], isTest: false }),
  }),
);

function groupBy({ items, at }: Walk): Value {
  const keys = items.map(at);
  const groups = Map.groupBy(items.keys(), (index) => mapKey(keys[index] as Value));
  const pairs = Array.from(groups.values(), (places) => {
    const members = places.map((place) => items[place] as Value);
    return [keys[places[0] as number] as Value, list(members)] as const;
  });
  return goMap('groups', pairs);
}

function reduce({ items, at, extra, frame }: Walk): Value {
  const [first] = items;
  if (first === undefined && extra === undefined) {
    return outOfRange();
  }
  // An initial value that uses `#` reads the first element.
  [frame.element, frame.index, frame.accumulator] = [first, 0, null];
  frame.accumulator = extra === undefined ? (first as Value) : extra.run(frame);
  for (let index = extra === undefined ? 1 : 0; index < items.length; index++) {
    frame.accumulator = at(items[index] as Value, index);
  }
  return frame.accumulator;
}

/** The value as a boolean. Throws `ConditionError` for a value of another type. */
export function asBool(value: Value): boolean {
  if (typeof value !== 'boolean') {
    throw new ConditionError(`interface conversion: interface {} is ${typeName(value)}, not bool`);
  }
  return value;
}
