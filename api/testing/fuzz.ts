/**
 * How many examples a property is tried with: `count`, or FUZZ times as many where that variable is set
 * (`FUZZ=100 npm test -- property`). fast-check draws them from a new seed each time, and prints it with the smallest example that fails.
 */
export function examples(count: number): { readonly numRuns: number } {
  return { numRuns: count * Number(process.env.FUZZ ?? 1) };
}
