import type { Expression } from './ast.ts';
import { allocate, spend } from './budget.ts';
import type { Compile, Compiled, Frame, Scope } from './compiled.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { sortBy } from './list-functions.ts';
import { applyBinary } from './operators.ts';
import { SUM_OF_MAP, THROWING } from './optimize.ts';
import { formatType, isList, isUndecided, listOf, type Type } from './types.ts';
import { GoMap, List, mapKey, typeOf, type Value } from './values.ts';

/** Functions whose predicate makes something of each element instead of being true or false. */
const MAKERS = new Set(['map', 'sum', SUM_OF_MAP, 'groupBy', 'sortBy', 'reduce']);
/** What a predicate may look at besides its element. */
const POINTERS: Readonly<Record<string, readonly string[]>> = {
  map: ['index'],
  [SUM_OF_MAP]: ['index'],
  reduce: ['index', 'acc'],
};

/** A call such as `all(list, # > 1)`. Throws `ConditionError`. */
export function compilePredicateCall(
  compile: Compile,
  name: string,
  [list, predicate, last]: readonly Expression[],
  scope: Scope,
): Compiled {
  const collection = compile(list as Expression, scope);
  if (!isList(collection.type) && !isUndecided(collection.type)) {
    throw new ConditionError(`builtin ${name} takes only array (got ${formatType(collection.type)})`);
  }
  const element = isList(collection.type) ? collection.type.element : 'unknown';
  const eachOf = (part: Expression, pointers = POINTERS[name] ?? []) =>
    part.kind === 'predicate' ? compile(part.body, { ...scope, element, pointers }) : compile(part, scope);
  const each = predicate && eachOf(predicate);
  if (each?.type === 'nil') {
    throw new ConditionError('predicate should has one input and one output param');
  }
  if (each !== undefined && !MAKERS.has(name) && each.type !== 'bool' && !isUndecided(each.type)) {
    throw new ConditionError(`predicate should return boolean (got ${formatType(each.type)})`);
  }
  // Of a search what a `map` makes of it, of `sortBy` the order, of `reduce` what it begins with.
  const extra = last && eachOf(last);
  return {
    type: resultType(name, collection.type, element, each?.type, extra?.type),
    run: (frame) => {
      const items = itemsOf(name, collection.run(frame));
      const { element: outer, index, accumulator } = frame;
      const result = apply(name, items, each, extra, frame);
      [frame.element, frame.index, frame.accumulator] = [outer, index, accumulator];
      return result;
    },
  };
}

function resultType(name: string, list: Type, element: Type, each: Type = element, extra?: Type): Type {
  switch (name) {
    case 'filter':
      return isList(list) ? listOf('any', extra ?? element) : listOf('any', extra);
    case 'map':
      return listOf('any', each);
    case 'count':
    case 'findIndex':
    case 'findLastIndex':
      return 'int';
    case 'find':
    case 'findLast':
      return extra ?? element;
    case THROWING[0]:
    case THROWING[-1]:
      return extra ?? (element === 'unknown' ? 'any' : element);
    case 'groupBy':
      return 'groups';
    case 'sortBy':
      return list;
    case 'sum':
    case SUM_OF_MAP:
    case 'reduce':
      return each;
    default:
      return 'bool';
  }
}

/** A text is walked along by its bytes. */
function itemsOf(name: string, list: Value): readonly Value[] {
  if (list instanceof List) {
    return list.items;
  }
  if (typeof list === 'string') {
    return Array.from(new TextEncoder().encode(list), BigInt);
  }
  if (list instanceof GoMap) {
    if (list.entries.size > 0) {
      throw new UnknownConditionError(`${name}() of a map`);
    }
    return [];
  }
  throw new ConditionError(`builtin ${name} takes only array (got ${typeOf(list)})`);
}

function apply(
  name: string,
  items: readonly Value[],
  each: Compiled | undefined,
  extra: Compiled | undefined,
  frame: Frame,
): Value {
  const enter = (item: Value, index: number) => {
    spend(1);
    frame.element = item;
    frame.index = index;
  };
  const at = (item: Value, index: number) => {
    enter(item, index);
    return each === undefined ? item : each.run(frame);
  };
  const holds = (item: Value, index: number) => asBool(at(item, index));
  const position = (index: number) => (index === -1 ? null : BigInt(index));
  const made = (index: number) => {
    const item = items[index] ?? null;
    if (extra === undefined) {
      return item;
    }
    enter(item, index);
    return extra.run(frame);
  };
  const orThrow = (index: number) => {
    if (index === -1) {
      throw new ConditionError('reflect: slice index out of range');
    }
    return made(index);
  };
  switch (name) {
    case 'all':
      return items.every(holds);
    case 'none':
      return !items.some(holds);
    case 'any':
      return items.some(holds);
    case 'one':
      return items.filter(holds).length === 1;
    case 'count':
      return BigInt(items.filter(holds).length);
    case 'filter':
      return list(items.flatMap((item, index) => (holds(item, index) ? [made(index)] : [])));
    case 'map':
      return list(items.map(at));
    case 'find':
    case 'findLast': {
      const index = name === 'find' ? items.findIndex(holds) : items.findLastIndex(holds);
      return index === -1 ? null : made(index);
    }
    case THROWING[0]:
      return orThrow(items.findIndex(holds));
    case THROWING[-1]:
      return orThrow(items.findLastIndex(holds));
    case 'findIndex':
      return position(items.findIndex(holds));
    case 'findLastIndex':
      return position(items.findLastIndex(holds));
    case 'sum':
    case SUM_OF_MAP:
      return items.reduce<Value>((sum, item, index) => applyBinary('+', at(item, index), sum), 0n);
    case 'groupBy':
      return groupBy(items, at);
    case 'sortBy': {
      const order = extra?.run(frame) ?? 'asc';
      return list(sortBy(items, items.map(at), order));
    }
    default:
      return reduce(items, at, extra, frame);
  }
}

function list(items: readonly Value[]): List {
  allocate(items.length);
  return new List('any', items);
}

function groupBy(items: readonly Value[], at: (item: Value, index: number) => Value): GoMap {
  const keys = items.map(at);
  const groups = Map.groupBy(items.keys(), (index) => mapKey(keys[index] as Value));
  return new GoMap(
    'groups',
    Array.from(groups.values(), (places): readonly [Value, Value] => [
      keys[places[0] as number] as Value,
      new List(
        'any',
        places.map((place) => items[place] as Value),
      ),
    ]),
  );
}

function reduce(
  items: readonly Value[],
  at: (item: Value, index: number) => Value,
  start: Compiled | undefined,
  frame: Frame,
): Value {
  if (start === undefined && items.length === 0) {
    throw new ConditionError('reflect: slice index out of range');
  }
  // What it begins with is evaluated inside already: `#` is the first element there.
  [frame.element, frame.index, frame.accumulator] = [items[0], 0, null];
  frame.accumulator = start === undefined ? (items[0] as Value) : start.run(frame);
  for (let index = start === undefined ? 1 : 0; index < items.length; index++) {
    frame.accumulator = at(items[index] as Value, index);
  }
  return frame.accumulator;
}

/** Throws `ConditionError` for what only turns out to be something else as the condition runs. */
export function asBool(value: Value): boolean {
  if (typeof value !== 'boolean') {
    throw new ConditionError(`interface conversion: interface {} is ${typeOf(value)}, not bool`);
  }
  return value;
}
