/** A measured probability: the share of the runs, and its 95 % confidence interval. */
export interface Probability {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** A normal distribution has 95 % of its mass within this many standard deviations of its mean. */
const Z = 1.959963984540054;

/** Wilson's score interval, which also holds for few runs and near 0 and 1. `runs` must be greater than 0. */
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

/** The quantile of some values by the nearest rank; `share` is 0–1. Undefined for no values. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
