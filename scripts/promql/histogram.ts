import { parseFloat64 } from '../go/float.ts';
import type { ScalarFunction, VectorFunction } from './evaluation.ts';
import { createUnnamedVector } from './evaluation.ts';
import { type Labels, labelsKey, memoizePerLabels, omitLabels } from './labels.ts';

/** A bucket of a classic histogram: how many observations were at most `upperBound`. */
interface Bucket {
  readonly upperBound: number;
  readonly count: number;
}

/** Counts that differ by less count as equal: the difference is rounding error. */
const SMALL_DELTA = 1e-12;

/** Sorted, one bucket per bound. Undefined without the `+Inf` bucket, which holds the number of all observations. */
function mergeBuckets(buckets: readonly Bucket[]): readonly Bucket[] | undefined {
  const sorted = [...buckets].sort((left, right) => left.upperBound - right.upperBound);
  if (sorted.at(-1)?.upperBound !== Number.POSITIVE_INFINITY) {
    return undefined;
  }
  const merged: Bucket[] = [];
  for (const bucket of sorted) {
    const last = merged.at(-1);
    if (last?.upperBound !== bucket.upperBound) {
      merged.push(bucket);
    } else {
      merged[merged.length - 1] = { ...last, count: last.count + bucket.count };
    }
  }
  return merged;
}

/** Makes counts never decrease from one bound to the next. They can decrease when buckets come from different scrapes. */
function monotonic(buckets: readonly Bucket[]): readonly Bucket[] {
  let previous = buckets[0]?.count ?? Number.NaN;
  return buckets.map((bucket) => {
    const difference =
      Math.abs(bucket.count - previous) / Math.min(Math.abs(bucket.count) + Math.abs(previous), Number.MAX_VALUE);
    if (bucket.count < previous || difference < SMALL_DELTA) {
      return { ...bucket, count: previous };
    }
    previous = bucket.count;
    return bucket;
  });
}

/** Binary search exactly as Go's `sort.Search`: with a count that is NaN, the result depends on the order of the comparisons. */
function firstReaching(rank: number, buckets: readonly Bucket[]): number {
  let low = 0;
  let high = buckets.length - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((buckets[middle]?.count ?? Number.NaN) >= rank) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** `BucketQuantile` in prometheus `promql/quantile.go` (v0.313.2). */
export function bucketQuantile(unsorted: readonly Bucket[], [q = Number.NaN]: readonly number[]): number {
  if (Number.isNaN(q)) {
    return Number.NaN;
  }
  if (q < 0) {
    return Number.NEGATIVE_INFINITY;
  }
  if (q > 1) {
    return Number.POSITIVE_INFINITY;
  }
  const buckets = monotonic(mergeBuckets(unsorted) ?? []);
  const total = buckets.at(-1)?.count ?? 0;
  if (buckets.length < 2 || total === 0) {
    return Number.NaN;
  }
  const rank = q * total;
  const index = firstReaching(rank, buckets);
  const bucket = buckets[index];
  // The last bucket has no upper bound, so nothing can be interpolated in it.
  if (bucket === undefined || index === buckets.length - 1) {
    return buckets.at(-2)?.upperBound ?? Number.NaN;
  }
  if (index === 0 && bucket.upperBound <= 0) {
    return bucket.upperBound;
  }
  const { upperBound: start, count: below } = buckets[index - 1] ?? { upperBound: 0, count: 0 };
  return start + (bucket.upperBound - start) * ((rank - below) / (bucket.count - below));
}

/** How many observations were at most `value`, interpolated linearly between two bounds. */
function observationsUntil(value: number, buckets: readonly Bucket[]): number {
  const total = buckets.at(-1)?.count ?? Number.NaN;
  const isPositive = (buckets[0]?.upperBound ?? 0) > 0;
  let lowerBound = isPositive ? 0 : Number.NEGATIVE_INFINITY;
  let rank = 0;
  for (const { upperBound, count } of buckets) {
    if (lowerBound >= value) {
      return Math.min(rank, total);
    }
    if (upperBound > value) {
      if (lowerBound === Number.NEGATIVE_INFINITY) {
        return Math.min(count, total);
      }
      return Math.min(rank + ((count - rank) * (value - lowerBound)) / (upperBound - lowerBound), total);
    }
    lowerBound = upperBound;
    rank = count;
  }
  return total;
}

/** `BucketFraction` in prometheus `promql/quantile.go` (v0.313.2). */
export function bucketFraction(
  unsorted: readonly Bucket[],
  [lower = Number.NaN, upper = Number.NaN]: readonly number[],
): number {
  const buckets = mergeBuckets(unsorted) ?? [];
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0 || Number.isNaN(lower) || Number.isNaN(upper)) {
    return Number.NaN;
  }
  return lower >= upper ? 0 : (observationsUntil(upper, buckets) - observationsUntil(lower, buckets)) / total;
}

const bucketOf = memoizePerLabels((labels) => {
  const rest = omitLabels(labels, ['le']);
  return { upperBound: parseFloat64(labels.get('le') ?? ''), labels: rest, key: labelsKey(rest) };
});

/** Calls `compute` once per histogram of the vector; a histogram is all series that differ only in `le`. */
export function compilePerHistogram(
  vector: VectorFunction,
  compute: (buckets: readonly Bucket[], params: readonly number[]) => number,
  params: readonly ScalarFunction[],
): VectorFunction {
  return (evaluation) => {
    const values = params.map((param) => param(evaluation));
    const histograms = new Map<string, { readonly labels: Labels; readonly buckets: Bucket[] }>();
    for (const sample of vector(evaluation)) {
      const { upperBound, labels, key } = bucketOf(sample.labels);
      if (upperBound === undefined) {
        continue;
      }
      const histogram = histograms.get(key) ?? { labels, buckets: [] };
      histograms.set(key, histogram);
      histogram.buckets.push({ upperBound, count: sample.value });
    }
    const result = createUnnamedVector();
    for (const { labels, buckets } of histograms.values()) {
      result.add(labels, compute(buckets, values));
    }
    return result.finish();
  };
}
