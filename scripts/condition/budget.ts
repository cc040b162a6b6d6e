import { ConditionError, UnknownConditionError } from './errors.ts';
import { isKind, type Value } from './values.ts';

/** Elements that the language lets one evaluation make, in all the lists and maps that it makes. */
const MEMORY = 1_000_000;
/** Elements and characters that one evaluation may read. This limit is ours: the controller may evaluate for hours. */
const STEPS = 1_500_000;

/** Of the evaluation under way: one ends before the next begins. */
let memory = 0;
let steps = 0;

/** Runs one evaluation. */
export function withBudget<T>(run: () => T): T {
  memory = 0;
  steps = 0;
  return run();
}

/** Counts elements that are made. Throws `ConditionError`. */
export function allocate(elements: number): void {
  memory += elements;
  if (memory >= MEMORY) {
    throw new ConditionError('memory budget exceeded');
  }
}

/** Counts elements and characters that are looked at. Throws `UnknownConditionError` when they are too many. */
export function spend(count: number): void {
  steps += count;
  if (steps > STEPS) {
    throw new UnknownConditionError(`what a condition makes of more than ${STEPS} elements`);
  }
}

/** Counts what it takes to look at a value: its elements or characters. */
export function spendOn(value: Value): void {
  spend(
    typeof value === 'string'
      ? value.length
      : isKind(value, 'list')
        ? value.items.length
        : isKind(value, 'map')
          ? value.entries.size
          : 1,
  );
}
