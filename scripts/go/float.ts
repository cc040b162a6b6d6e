/** A number as Go's `strconv.ParseFloat` reads it (decimal forms only); undefined for other texts and for numbers too large. */
export function parseFloat64(text: string): number | undefined {
  const [, sign = '', infinity] = /^([+-]?)(inf|infinity)$/i.exec(text) ?? [];
  if (infinity !== undefined) {
    return Number(`${sign}Infinity`);
  }
  if (/^nan$/i.test(text)) {
    return Number.NaN;
  }
  const value = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** The shortest text of a number, with an exponent where JavaScript writes one; NaN, infinities and -0 as Go writes them. */
function shortest(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A number as Go's `strconv.FormatFloat(value, 'f', -1, 64)` writes it: shortest, and never with an exponent. */
export function formatFloat(value: number): string {
  const text = shortest(value);
  const [, sign = '', integer = '', fraction = '', exponent] = /^(-?)(\d+)\.?(\d*)e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) {
    return text;
  }
  const point = integer.length + Number(exponent);
  const digits = `${integer}${fraction}`;
  return point > 0 ? `${sign}${digits.padEnd(point, '0')}` : `${sign}0.${'0'.repeat(-point)}${digits}`;
}

/** A number as Go's `%v` prints it: with an exponent of at least two digits from 1e21 on and below 0.0001. */
export function formatAny(value: number): string {
  const isTiny = value !== 0 && Math.abs(value) < 1e-4;
  return (isTiny ? value.toExponential() : shortest(value)).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Go's `math.Pow`: unlike in JavaScript, 1 to any power is 1, and so is -1 to an infinite one. */
export function power(base: number, exponent: number): number {
  return base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) ? 1 : base ** exponent;
}

/** The order of Go's `sort.Float64s`: NaN comes first. */
export function compareFloats(a: number, b: number): number {
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a)) || Number(a > b) - Number(a < b);
}
