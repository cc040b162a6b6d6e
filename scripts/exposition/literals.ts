import { parseFloat64 } from '../promql/float.ts';

/** A name or value without its quotes and escapes. */
export function unquote(text: string): string {
  const inner = text.startsWith('"') ? text.slice(1, -1) : text;
  return inner.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** Reads a number as Go's `ParseFloat` does. Undefined for text that is not a number, or a number beyond float64. */
export function parseNumber(text: string): number | undefined {
  const value = parseFloat64(text);
  return value !== undefined && !Number.isFinite(value) && /^[+-]?[\d.]/.test(text) ? undefined : value;
}
