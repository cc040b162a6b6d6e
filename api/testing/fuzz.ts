import fc from 'fast-check';

/**
 * How many examples a property is tried with: `count`, or FUZZ times as many where that variable is set
 * (`FUZZ=100 npm test -- property`). fast-check draws them from a new seed each time, and prints it with the smallest example that fails.
 */
export function examples(count: number): { readonly numRuns: number } {
  return { numRuns: count * Number(process.env.FUZZ ?? 1) };
}

/** A Unicode code point; the half of a pair is none. */
const character = fc
  .integer({ min: 0, max: 0x10_ffff - 0x800 })
  .map((index) => String.fromCodePoint(index < 0xd800 ? index : index + 0x800));

/** Text of any code points, as `unit: 'binary'` draws it, which first spends two seconds on a table of all of them. */
export function anyText(constraints: { readonly minLength?: number; readonly maxLength?: number } = {}) {
  return fc.string({ ...constraints, unit: character });
}
