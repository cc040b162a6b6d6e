import { fail, isUndecided, listOf, type NamedFunction, numberOf, refuse } from './condition-function.ts';
import { applyBinary } from './operators.ts';
import { isList, type Type, type Value } from './types.ts';

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
  ),
  ofList(
    'last',
    (element) => element,
    (items) => items.at(-1) ?? null,
  ),
  [
    'sort',
    {
      arity: [1, 2],
      type: ([type]) =>
        isUndecided(type) || (type !== undefined && isList(type)) ? { list: 'any' } : refuse('sort', type),
      run: ([value, order]) =>
        order === 'desc' ? sortNumbers(listOf('sort', value)).toReversed() : sortNumbers(listOf('sort', value)),
    },
  ],
  [
    'take',
    {
      arity: [2, 2],
      type: ([type]) =>
        isUndecided(type) || (type !== undefined && isList(type)) ? (type as Type) : refuse('take', type),
      run: ([value, count]) => listOf('take', value).slice(0, Number(count)),
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

/** A function of one list. */
function ofList(name: string, type: (element: Type) => Type, run: (items: readonly Value[]) => Value): NamedFunction {
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
      run: ([value]) => run(listOf(name, value)),
    },
  ];
}

function sum(items: readonly Value[]): Value {
  return items.reduce<Value>((total, item) => applyBinary('+', total, numberOf('sum', item)), 0n);
}

function sortNumbers(items: readonly Value[]): readonly Value[] {
  // Go's order: NaN is not less than anything, so it stays where the comparisons leave it; at the end for these lists.
  return [...items].sort((a, b) => Number(applyBinary('<', b, a)) - Number(applyBinary('<', a, b)));
}

function median(items: readonly Value[]): number {
  const sorted = items.map((item) => Number(numberOf('median', item))).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const at = (index: number) => sorted[index] ?? 0;
  return sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}
