import { spend } from './budget.ts';
import { isKind, isNamedValue, isNil, isNumber, type List, type Value } from './values.ts';

/**
 * Equality by the language's `==`: numbers by value, lists element by element; NaN equals nothing.
 * Mirrors `Equal` in `vm/runtime` of expr v1.17.7.
 */
export function isEqual(left: Value, right: Value): boolean {
  spend(1);
  if (isNumber(left) && isNumber(right)) {
    return typeof left === typeof right ? left === right : Number(left) === Number(right);
  }
  if (isKind(left, 'list') && isKind(right, 'list') && areComparedByElement(left, right)) {
    return areSame(left, right, isEqual);
  }
  if (isKind(left, 'time') && isKind(right, 'time')) {
    return left.at.epochNanoseconds === right.at.epochNanoseconds;
  }
  return (isNil(left) && isNil(right)) || isIdentical(left, right);
}

/** Whether expr compares two lists element by element; otherwise Go's `reflect.DeepEqual` compares them. */
function areComparedByElement(left: List, right: List): boolean {
  const isOdd = ({ of }: List) => of === 'pair' || of === 'half';
  return !isOdd(left) && !isOdd(right) && (left.of === right.of || left.of === 'any' || right.of === 'any');
}

const areSame = ({ items }: List, right: List, same: (left: Value, right: Value) => boolean) =>
  items.length === right.items.length && items.every((item, index) => same(item, right.items[index] ?? null));

/** Equality by Go's `reflect.DeepEqual`: the types must be the same at every level, so 1 is not 1.0. */
function isIdentical(left: Value, right: Value): boolean {
  spend(1);
  if (left === right) {
    return true;
  }
  if (isKind(left, 'list') && isKind(right, 'list')) {
    return left.of === right.of && isNil(left) === isNil(right) && areSame(left, right, isIdentical);
  }
  if (isKind(left, 'map') && isKind(right, 'map')) {
    return (
      left.of === right.of &&
      left.entries.size === right.entries.size &&
      left.entries.entries().every(([key, [, value]]) => {
        const other = right.entries.get(key);
        return other !== undefined && isIdentical(value, other[1]);
      })
    );
  }
  if (isNamedValue(left) && isNamedValue(right)) {
    return left.kind === right.kind && left.value === right.value;
  }
  return isKind(left, 'time') && isKind(right, 'time')
    ? left.at.equals(right.at)
    : isKind(left, 'location') && isKind(right, 'location') && left.name === right.name;
}
