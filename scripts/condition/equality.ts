import { spend } from './budget.ts';
import { Duration, GoMap, isNil, isNumber, List, Location, NamedInteger, Time, type Value } from './values.ts';

/** Equal as `==` has it: numbers by value, lists element by element, NaN to nothing. Mirrors `Equal` in `vm/runtime` of expr v1.17.7. */
export function isEqual(left: Value, right: Value): boolean {
  spend(1);
  if (isNumber(left) && isNumber(right)) {
    return typeof left === typeof right ? left === right : Number(left) === Number(right);
  }
  if (left instanceof List && right instanceof List && areSameLists(left, right)) {
    return (
      left.items.length === right.items.length &&
      left.items.every((item, index) => isEqual(item, right.items[index] ?? null))
    );
  }
  if (left instanceof Time && right instanceof Time) {
    return left.at.epochNanoseconds === right.at.epochNanoseconds;
  }
  return (isNil(left) && isNil(right)) || isIdentical(left, right);
}

/** Whether the language compares the elements of two lists; else Go does. */
function areSameLists(left: List, right: List): boolean {
  const isOdd = ({ of }: List) => of === 'pair' || of === 'half';
  return !isOdd(left) && !isOdd(right) && (left.of === right.of || left.of === 'any' || right.of === 'any');
}

/** Equal as Go's `reflect.DeepEqual` has it: of the same types all the way down, 1 is not 1.0. */
function isIdentical(left: Value, right: Value): boolean {
  spend(1);
  if (left instanceof List && right instanceof List) {
    return (
      left === right ||
      (left.of === right.of &&
        isNil(left) === isNil(right) &&
        left.items.length === right.items.length &&
        left.items.every((item, index) => isIdentical(item, right.items[index] ?? null)))
    );
  }
  if (left instanceof GoMap && right instanceof GoMap) {
    return (
      left === right ||
      (left.of === right.of &&
        left.entries.size === right.entries.size &&
        left.entries.entries().every(([key, [, value]]) => {
          const other = right.entries.get(key);
          return other !== undefined && isIdentical(value, other[1]);
        }))
    );
  }
  if (left instanceof Duration && right instanceof Duration) {
    return left.nanoseconds === right.nanoseconds;
  }
  if (left instanceof NamedInteger && right instanceof NamedInteger) {
    return left.type === right.type && left.value === right.value;
  }
  if (left instanceof Time && right instanceof Time) {
    return left.at.equals(right.at);
  }
  return left === right || (left instanceof Location && right instanceof Location && left.name === right.name);
}
