/** A probability as runs show it: the share, and the interval that holds the true one in 95 of 100 such measurements. */
export interface Probability {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Of a normal distribution's mass 95 % lie this many standard deviations around its middle. */
const Z = 1.959963984540054;

/** Wilson's score interval: sound for few runs and near 0 and 1 too. `runs` must be greater than 0. */
export function wilson(hits: number, runs: number): Probability {
  const share = hits / runs;
  const square = Z * Z;
  const centre = share + square / (2 * runs);
  const spread = Z * Math.sqrt((share * (1 - share)) / runs + square / (4 * runs * runs));
  const scale = 1 + square / runs;
  return {
    share,
    low: hits === 0 ? 0 : (centre - spread) / scale,
    high: hits === runs ? 1 : (centre + spread) / scale,
  };
}

/** The value below which a share of the values lies, 0–1; the nearest rank. Undefined of nothing. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
