import { ConditionError } from './errors.ts';
import type { Value } from './types.ts';

/**
 * What one evaluation may look at: elements and characters. The language allows as many elements in the lists that it makes; closures
 * in closures would go on for hours there.
 */
const BUDGET = 1_000_000;

/** Of the evaluation under way: one ends before the next begins. */
let left = 0;

/** Runs one evaluation. */
export function withBudget<T>(run: () => T): T {
  left = BUDGET;
  return run();
}

/** Throws `ConditionError` when that is more than is left. */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) {
    throw new ConditionError('memory budget exceeded');
  }
}

/** What it takes to look at a value: its elements or characters. */
export function spendOn(value: Value): void {
  spend(typeof value === 'string' || Array.isArray(value) ? value.length : value instanceof Map ? value.size : 1);
}
