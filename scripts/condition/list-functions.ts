import { fail, isUndecided, listOf, type NamedFunction, numberOf, refuse } from './condition-function.ts';
import { ConditionError } from './errors.ts';
import { pieceOf } from './list-origin.ts';
import { applyBinary } from './operators.ts';
import { isList, type Type, typeOf, type Value, withoutCommon } from './types.ts';

/** The language's functions of lists that take no closure. */
export const LIST_FUNCTIONS: readonly NamedFunction[] = [
  ofList('sum', () => 'any', sum),
  ofList(
    'mean',
    () => 'float',
    (items) => (items.length === 0 ? 0 : Number(sum(items)) / items.length),
  ),
  ofList('median', () => 'float', median),
  ofList(
    'first',
    (element) => element,
    (items) => items[0] ?? null,
    null,
  ),
  ofList(
    'last',
    (element) => element,
    (items) => items.at(-1) ?? null,
    null,
  ),
  [
    'sort',
    {
      arity: [1, 2],
      type: ([type, order]) =>
        order === undefined || order === 'string' || isUndecided(order)
          ? isUndecided(type) || (type !== undefined && isList(type))
            ? { list: 'any' }
            : refuse('sort', type)
          : refuse('sort', order),
      run: ([value, order = 'asc']) => sort(listOf('sort', value), order),
    },
  ],
  [
    'take',
    {
      arity: [2, 2],
      type: ([type, count]) => {
        if (count !== 'int' && !isUndecided(count)) {
          refuse('take', count);
        }
        return type !== undefined && (type === 'any' || isList(type)) ? withoutCommon(type) : refuse('take', type);
      },
      run: ([value, count]) =>
        typeof count === 'bigint' && count >= 0n
          ? pieceOf(listOf('take', value), 0, Number(count))
          : fail('take', count),
    },
  ],
  [
    'len',
    {
      arity: [1, 1],
      type: ([type]) =>
        type !== undefined && (isList(type) || ['string', 'map', 'any'].includes(type as string))
          ? 'int'
          : refuse('len', type),
      run: ([value]) =>
        BigInt(
          Array.isArray(value)
            ? value.length
            : typeof value === 'string'
              ? new TextEncoder().encode(value).length
              : value instanceof Map
                ? value.size
                : fail('len', value),
        ),
    },
  ],
];

/** A function of one list; `otherwise` is its answer where something else turns up as the condition runs, if that is no error. */
function ofList(
  name: string,
  type: (element: Type) => Type,
  run: (items: readonly Value[]) => Value,
  otherwise?: null,
): NamedFunction {
  return [
    name,
    {
      arity: [1, 1],
      type: ([argument]) =>
        isUndecided(argument)
          ? 'any'
          : argument !== undefined && isList(argument)
            ? type(argument.list)
            : refuse(name, argument),
      run: ([value]) => (Array.isArray(value) ? run(value) : otherwise === undefined ? fail(name, value) : otherwise),
    },
  ];
}

function sum(items: readonly Value[]): Value {
  return items.reduce<Value>((total, item) => applyBinary('+', total, numberOf('sum', item)), 0n);
}

/** By Go's order, in which NaN is neither before nor after anything and stays where the comparisons leave it. */
function sort(items: readonly Value[], order: Value): readonly Value[] {
  if (order !== 'asc' && order !== 'desc') {
    throw new ConditionError('invalid argument for sort (expected "asc" or "desc")');
  }
  const types = new Set(items.map(typeOf));
  if (types.size > 1) {
    throw new ConditionError(`cannot sort array of different types (${[...types].join(' and ')})`);
  }
  if (items.length > 1 && !['int', 'float64', 'string'].includes(typeOf(items[0] ?? null))) {
    throw new ConditionError(`sort: unsupported type ${typeOf(items[0] ?? null)}`);
  }
  const op = order === 'desc' ? '>' : '<';
  return insertionSort(items, (a, b) => applyBinary(op, a, b) === true);
}

/** As Go sorts up to twelve; with more of them, NaN may come out elsewhere. */
function insertionSort(items: readonly Value[], isBefore: (a: Value, b: Value) => boolean): readonly Value[] {
  if (items.length > 12) {
    return items.toSorted((a, b) => Number(isBefore(b, a)) - Number(isBefore(a, b)));
  }
  const sorted = [...items];
  for (let end = 1; end < sorted.length; end++) {
    for (let at = end; at > 0 && isBefore(sorted[at] as Value, sorted[at - 1] as Value); at--) {
      [sorted[at - 1], sorted[at]] = [sorted[at] as Value, sorted[at - 1] as Value];
    }
  }
  return sorted;
}

/** NaN first, as Go sorts floats. */
function median(items: readonly Value[]): number {
  const numbers = items.map((item) => Number(numberOf('median', item)));
  const sorted = [
    ...numbers.filter(Number.isNaN),
    ...numbers.filter((value) => !Number.isNaN(value)).sort((a, b) => Number(a > b) - Number(a < b)),
  ];
  const middle = Math.floor(sorted.length / 2);
  const at = (index: number) => sorted[index] ?? 0;
  return sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}
