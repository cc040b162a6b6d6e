import { spend } from './budget.ts';
import { UnknownConditionError } from './errors.ts';
import { isKind, isNamedValue, isNil, isNumber, type List, type Value } from './values.ts';

/**
 * Equality by the language's `==`: numbers by value, lists element by element; NaN equals nothing. Throws `UnknownConditionError` for two
 * maps and for two lists of pairs. Mirrors `Equal` in `vm/runtime` of expr v1.17.7.
 */
export function isEqual(left: Value, right: Value): boolean {
  spend(1);
  if (isNumber(left) && isNumber(right)) {
    return typeof left === typeof right ? left === right : Number(left) === Number(right);
  }
  if (isKind(left, 'list') && isKind(right, 'list')) {
    return areEqual(left, right);
  }
  if (isKind(left, 'map') && isKind(right, 'map')) {
    throw new UnknownConditionError('whether two maps are equal');
  }
  if (isKind(left, 'time') && isKind(right, 'time')) {
    return left.at.epochNanoseconds === right.at.epochNanoseconds;
  }
  if (isNamedValue(left) && isNamedValue(right)) {
    return left.kind === right.kind && left.value === right.value;
  }
  const areNil = isNil(left) && isNil(right);
  return (
    areNil || left === right || (isKind(left, 'location') && isKind(right, 'location') && left.name === right.name)
  );
}

function areEqual(left: List, right: List): boolean {
  const areAlike = left.of === right.of || left.of === 'any' || right.of === 'any';
  const isOfPairs = [left, right].some(({ of }) => of === 'pair' || of === 'half');
  if (areAlike && isOfPairs) {
    throw new UnknownConditionError('whether two lists of pairs are equal');
  }
  return (
    areAlike &&
    left.items.length === right.items.length &&
    left.items.every((item, index) => isEqual(item, right.items[index] ?? null))
  );
}
