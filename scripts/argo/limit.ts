/**
 * The number of an IntOrString limit: a number or a string of digits as it is, anything else as 0. Mirrors
 * `IntOrString.IntValue()`; undefined stays undefined.
 */
export function limitValue(value: unknown): number | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const number = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' ? number : 0;
}
