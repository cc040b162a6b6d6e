import type { Value } from './types.ts';

/** How Go holds a list: the type of its elements, and the array that it is a piece of. */
interface Origin {
  readonly element: 'float64' | 'int' | 'string';
  readonly whole: readonly Value[];
  readonly from: number;
}

const origins = new WeakMap<readonly Value[], Origin>();

/** The list, known from now on as one of Go's lists with this type of elements; all others hold elements of any type. */
export function listAs<List extends readonly Value[]>(element: Origin['element'], list: List): List {
  origins.set(list, { element, whole: list, from: 0 });
  return list;
}

/** A piece of a list is of the same type and shares its array. */
export function pieceOf(list: readonly Value[], from: number, to: number): readonly Value[] {
  const piece = list.slice(from, to);
  const origin = origins.get(list);
  if (origin !== undefined) {
    origins.set(piece, { ...origin, from: origin.from + from });
  }
  return piece;
}

/** As Go prints it. */
export function elementType(list: readonly Value[]): string {
  return origins.get(list)?.element ?? 'interface {}';
}

/** Whether two lists are the same piece of one array, and so equal whatever they hold, NaN too. */
export function isSamePiece(left: readonly Value[], right: readonly Value[]): boolean {
  const [a, b] = [origins.get(left), origins.get(right)];
  return left === right || (a !== undefined && a.whole === b?.whole && a.from === b.from);
}
