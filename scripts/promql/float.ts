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

function kahan(values: readonly number[], length: number): KahanSum {
  const sum = new KahanSum();
  for (let index = 0; index < length; index++) {
    sum.add(values[index] ?? 0);
  }
  return sum;
}

/** The sum of the first `length` values. */
export function sum(values: readonly number[], length = values.length): number {
  return kahan(values, length).value;
}

/** The mean of the first `length` values, also where their sum would overflow. */
export function mean(values: readonly number[], length = values.length): number {
  const { total, compensation } = kahan(values, length);
  if (Number.isFinite(total) || !values.every((value, index) => index >= length || Number.isFinite(value))) {
    return total / length + compensation / length;
  }
  return sum(values.slice(0, length).map((value) => value / length));
}

function pick(values: readonly number[], length: number, isBetter: (value: number, best: number) => boolean): number {
  let result = Number.NaN;
  for (let index = 0; index < length; index++) {
    const value = values[index] ?? Number.NaN;
    if (isBetter(value, result) || Number.isNaN(result)) {
      result = value;
    }
  }
  return result;
}

/** The least of the first `length` values; NaN only when all are. */
export const least = (values: readonly number[], length = values.length) =>
  pick(values, length, (value, best) => value < best);

/** The greatest of the first `length` values; NaN only when all are. */
export const greatest = (values: readonly number[], length = values.length) =>
  pick(values, length, (value, best) => value > best);

/** The population variance of the first `length` values (Welford); NaN when one of them is not finite. */
export function variance(values: readonly number[], length = values.length): number {
  let average = 0;
  let squares = 0;
  for (let index = 0; index < length; index++) {
    const value = values[index] ?? Number.NaN;
    const delta = value - average;
    average += delta / (index + 1);
    squares += delta * (value - average);
  }
  return squares / length;
}

/** The same variance with compensated sums, which Prometheus uses over time but not across series. */
export function compensatedVariance(values: readonly number[], length: number): number {
  const average = new KahanSum();
  const squares = new KahanSum();
  for (let index = 0; index < length; index++) {
    const value = values[index] ?? Number.NaN;
    const delta = value - average.value;
    average.add(delta / (index + 1));
    squares.add(delta * (value - average.value));
  }
  return squares.value / length;
}

/** The `q`-quantile of the first `length` values, interpolated between the two nearest ranks; NaN counts as the least value. */
export function quantile(q: number, values: readonly number[], length = values.length): number {
  if (length === 0 || Number.isNaN(q)) {
    return Number.NaN;
  }
  if (q < 0) {
    return Number.NEGATIVE_INFINITY;
  }
  if (q > 1) {
    return Number.POSITIVE_INFINITY;
  }
  const sorted = values.slice(0, length).sort(compareFloats);
  const rank = q * (length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(length - 1, lower + 1);
  const weight = rank - lower;
  return (sorted[lower] ?? Number.NaN) * (1 - weight) + (sorted[upper] ?? Number.NaN) * weight;
}
