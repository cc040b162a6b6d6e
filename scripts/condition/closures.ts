import type { Expression } from './ast.ts';
import { spend } from './budget.ts';
import { asBool } from './compile-operators.ts';
import type { Compiled, Frame, Scope } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { asGroups, groupKey } from './map-keys.ts';
import { formatType, isList, type Type, typeOf, type Value } from './types.ts';

/** Functions that ask each element a question. */
const PREDICATES = new Set([
  'all',
  'none',
  'any',
  'one',
  'filter',
  'count',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
]);

/** What a closure may look at besides its element. */
const POINTERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['map', ['index']],
  ['reduce', ['index', 'acc']],
]);

/** A call such as `all(list, # > 1)`: `body` is what is asked of each element, or made of it. `compile` makes the parts (and throws `ConditionError`). */
export function compileClosure(
  compile: (expression: Expression, scope: Scope) => Compiled,
  name: string,
  args: readonly Expression[],
  body: Expression,
  scope: Scope,
): Compiled {
  const collection = compile(args[0] as Expression, scope);
  if (!isList(collection.type) && collection.type !== 'any') {
    throw new ConditionError(`builtin ${name} takes only array (got ${formatType(collection.type)})`);
  }
  const element = isList(collection.type) ? collection.type.list : 'any';
  const each = compile(body, { ...scope, element, pointers: POINTERS.get(name) ?? [] });
  if (each.type === 'nil') {
    throw new ConditionError('closure cannot be nil');
  }
  if (PREDICATES.has(name) && each.type !== 'bool' && each.type !== 'any') {
    throw new ConditionError(`predicate should return boolean (got ${formatType(each.type)})`);
  }
  const initial = args[2] && compile(args[2], scope);
  return {
    type: answerType(name, element, each.type),
    run: (frame) => {
      const items = collection.run(frame);
      if (!Array.isArray(items)) {
        throw new ConditionError(`builtin ${name} takes only array (got ${typeOf(items)})`);
      }
      return answer(name, items, each, frame, initial);
    },
  };
}

function answerType(name: string, element: Type, each: Type): Type {
  switch (name) {
    case 'filter':
      return { list: element };
    case 'map':
      return { list: each };
    case 'count':
    case 'findIndex':
    case 'findLastIndex':
      return 'int';
    case 'find':
    case 'findLast':
      return element;
    case 'groupBy':
      return 'groups';
    case 'reduce':
      return each;
    default:
      return 'bool';
  }
}

function answer(
  name: string,
  items: readonly Value[],
  each: Compiled,
  frame: Frame,
  initial: Compiled | undefined,
): Value {
  const at = (element: Value, index: number, accumulator?: Value) => {
    spend(1);
    return each.run({ ...frame, element, index, ...(accumulator === undefined ? {} : { accumulator }) });
  };
  const holds = (element: Value, index: number) => asBool(at(element, index));
  const position = (index: number) => (index === -1 ? null : BigInt(index));
  switch (name) {
    case 'all':
      return items.every(holds);
    case 'none':
      return !items.some(holds);
    case 'any':
      return items.some(holds);
    case 'one':
      return items.filter(holds).length === 1;
    case 'filter':
      return items.filter(holds);
    case 'count':
      return BigInt(items.filter(holds).length);
    case 'find':
      return items.find(holds) ?? null;
    case 'findLast':
      return items.findLast(holds) ?? null;
    case 'findIndex':
      return position(items.findIndex(holds));
    case 'findLastIndex':
      return position(items.findLastIndex(holds));
    case 'map':
      return items.map((item, index) => at(item, index));
    case 'groupBy':
      return asGroups(new Map(Map.groupBy(items, (item) => groupKey(at(item, 0)))));
    default: {
      if (initial === undefined && items.length === 0) {
        throw new ConditionError('reflect: slice index out of range');
      }
      const start = initial ? initial.run(frame) : (items[0] as Value);
      const first = initial ? 0 : 1;
      return items.slice(first).reduce((sum, item, index) => at(item, index + first, sum), start);
    }
  }
}
