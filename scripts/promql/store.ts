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

/** Where an evaluation finds its series. */
export interface SeriesStore {
  /**
   * The series that match all of `matchers` and have samples after `fromSeconds` up to and including `toSeconds`.
   * A store may hand out more samples than asked for, and series without any: the evaluation cuts the window itself.
   *
   * For one parsed expression `matchers` is the same array every time, so a store can remember its answer by it; and
   * handing out the same `labels` object for the same series every time spares the evaluation most of its work.
   */
  select(matchers: readonly Matcher[], fromSeconds: number, toSeconds: number): Iterable<Series>;
}

/** A store over series that stay the same; their `samples` may grow at the end between evaluations. */
export function createSeriesStore(series: readonly Series[]): SeriesStore {
  const selections = new WeakMap<readonly Matcher[], readonly Series[]>();
  return {
    select(matchers) {
      let selection = selections.get(matchers);
      if (selection === undefined) {
        selection = series.filter(({ labels }) =>
          matchers.every(({ label, matches }) => matches(labels.get(label) ?? '')),
        );
        selections.set(matchers, selection);
      }
      return selection;
    },
  };
}
