import { compareFloats } from '../go/float.ts';

/** A sum and its rounding error, by Neumaier's algorithm; `kahansum.Inc` in Prometheus. */
class KahanSum {
  total = 0;
  compensation = 0;

  add(value: number): void {
    const next = this.total + value;
    if (next === Number.POSITIVE_INFINITY || next === Number.NEGATIVE_INFINITY) {
      this.compensation = 0;
    } else if (Math.abs(this.total) >= Math.abs(value)) {
      this.compensation += this.total - next + value;
    } else {
      this.compensation += value - next + this.total;
    }
    this.total = next;
  }

  get value(): number {
    return this.total + this.compensation;
  }
}

function kahan(values: readonly number[]): KahanSum {
  const sum = new KahanSum();
  for (const value of values) {
    sum.add(value);
  }
  return sum;
}

export const sum = (values: readonly number[]) => kahan(values).value;

/** The mean, also where the sum would overflow. */
export function mean(values: readonly number[]): number {
  const { length } = values;
  const { total, compensation } = kahan(values);
  if (Number.isFinite(total) || !values.every(Number.isFinite)) {
    return total / length + compensation / length;
  }
  return sum(values.map((value) => value / length));
}

const pick = (values: readonly number[], isBetter: (value: number, best: number) => boolean) =>
  values.reduce((best, value) => (isBetter(value, best) || Number.isNaN(best) ? value : best), Number.NaN);

/** The least value; NaN only when all are. */
export const least = (values: readonly number[]) => pick(values, (value, best) => value < best);

/** The greatest value; NaN only when all are. */
export const greatest = (values: readonly number[]) => pick(values, (value, best) => value > best);

/** The population variance (Welford); NaN when a value is not finite. */
export function variance(values: readonly number[]): number {
  let average = 0;
  let squares = 0;
  for (const [index, value] of values.entries()) {
    const delta = value - average;
    average += delta / (index + 1);
    squares += delta * (value - average);
  }
  return squares / values.length;
}

/** The same variance with compensated sums, which Prometheus uses over time but not across series. */
export function compensatedVariance(values: readonly number[]): number {
  const average = new KahanSum();
  const squares = new KahanSum();
  for (const [index, value] of values.entries()) {
    const delta = value - average.value;
    average.add(delta / (index + 1));
    squares.add(delta * (value - average.value));
  }
  return squares.value / values.length;
}

/** The `q`-quantile, interpolated between the two nearest ranks; NaN counts as the least value. */
export function quantile(q: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(q)) {
    return Number.NaN;
  }
  if (q < 0 || q > 1) {
    return q * Number.POSITIVE_INFINITY;
  }
  const sorted = values.toSorted(compareFloats);
  const rank = q * (sorted.length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - lower;
  return (sorted[lower] ?? Number.NaN) * (1 - weight) + (sorted[upper] ?? Number.NaN) * weight;
}
