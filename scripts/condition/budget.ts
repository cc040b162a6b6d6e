import { ConditionError, UnknownConditionError } from './errors.ts';
import { isKind, type Value } from './values.ts';

/** expr's own limit: one evaluation must create fewer elements than this, in all its lists and maps together. */
const MEMORY = 1_000_000;
/** Elements and characters that one evaluation may read. This limit is ours: the controller may evaluate for hours. */
const STEPS = 1_500_000;

/** What the current evaluation has used. One counter serves, because evaluations never overlap. */
let memory = 0;
let steps = 0;

/** Runs one evaluation with a full budget. */
export function withBudget<T>(run: () => T): T {
  memory = 0;
  steps = 0;
  return run();
}

/** Counts elements that are created. Throws `ConditionError` when they are too many. */
export function allocate(elements: number): void {
  memory += elements;
  if (memory >= MEMORY) {
    throw new ConditionError('memory budget exceeded');
  }
}

/** Counts elements and characters that are read. Throws `UnknownConditionError` when they are too many. */
export function spend(count: number): void {
  steps += count;
  if (steps > STEPS) {
    throw new UnknownConditionError(`what a condition makes of more than ${STEPS} elements`);
  }
}

/** Counts one reading of a whole value: its elements or characters, or 1. Throws `UnknownConditionError`. */
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
