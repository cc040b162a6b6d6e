import fc from 'fast-check';

const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, 0.95, Number.NaN, Number.POSITIVE_INFINITY));
/** The result of a query: a number, or a vector's values. */
export const result: fc.Arbitrary<number | readonly number[]> = fc.oneof(
  { weight: 1, arbitrary: value },
  { weight: 4, arbitrary: fc.array(value, { maxLength: 5 }) },
);
