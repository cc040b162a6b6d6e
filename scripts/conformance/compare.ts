/** What was recorded, and what the engine made of the same case. */
export type Compared = readonly [wanted: unknown, got: unknown];

/** Whether both are equal. The order of keys does not matter, and numbers may differ by a relative 1e-9. */
export function isSame(left: unknown, right: unknown): boolean {
  if (typeof left === 'number' && typeof right === 'number') {
    return Object.is(left, right) || left === right || Math.abs(left - right) <= 1e-9 * Math.abs(left);
  }
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right;
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return (
    Array.isArray(left) === Array.isArray(right) &&
    [...keys].every((key) => isSame((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]))
  );
}

/** A number in a file: those that JSON lacks are written as strings. */
export type JsonNumber = number | 'NaN' | '+Inf' | '-Inf';

export function numberOf(value: JsonNumber): number {
  return typeof value === 'number' ? value : Number(value.replace('Inf', 'Infinity'));
}
