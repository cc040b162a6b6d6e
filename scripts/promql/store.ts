import type { Labels } from './labels.ts';
import type { Matcher } from './matcher.ts';

/** One sample; `'stale'` marks the end of the series until the next number, as Prometheus' staleness marker does. */
export interface SeriesSample {
  /** Seconds since the epoch, in whole milliseconds. */
  readonly timeSeconds: number;
  readonly value: number | 'stale';
}

export interface Series {
  readonly labels: Labels;
  /** Oldest first, no two at the same millisecond. */
  readonly samples: readonly SeriesSample[];
}

/** The series that queries read. */
export interface SeriesStore {
  /**
   * The series that match all of `matchers` and have samples after `fromSeconds` up to and including `toSeconds`.
   * A store may return more samples than asked for, and series without any: the evaluation cuts the window itself.
   *
   * For one parsed expression `matchers` is the same array every time, so a store can use it as the key of a cache.
   * Returning the same `labels` object for the same series every time saves most of the evaluation's work.
   */
  select(matchers: readonly Matcher[], fromSeconds: number, toSeconds: number): Iterable<Series>;
}

/** Whether a label set matches all of `matchers`. */
export function matchesAll(labels: Labels, matchers: readonly Matcher[]): boolean {
  return matchers.every(({ label, matches }) => matches(labels.get(label) ?? ''));
}

/** A store over a list of series; it may grow at the end between evaluations, and so may their `samples`. */
export function createSeriesStore<S extends Series>(
  series: readonly S[],
): SeriesStore & { select(matchers: readonly Matcher[]): Iterable<S> } {
  const selections = new Map<readonly Matcher[], { seen: number; readonly found: S[] }>();
  return {
    select(matchers) {
      const selection = selections.get(matchers) ?? { seen: 0, found: [] };
      selections.set(matchers, selection);
      for (; selection.seen < series.length; selection.seen += 1) {
        const one = series[selection.seen];
        if (one !== undefined && matchesAll(one.labels, matchers)) {
          selection.found.push(one);
        }
      }
      return selection.found;
    },
  };
}
