import type { MetricType } from '../exposition/metadata.ts';
import type { Exposition } from '../exposition/parse.ts';

/** One name in a running instance's exposition; a histogram's `_bucket`, `_sum` and `_count` are three. */
export interface LiveMetric {
  /** Of its family: `histogram` for a `_bucket`. */
  readonly type: MetricType | undefined;
  /** The labels of each series, `__name__` included. */
  readonly series: readonly ReadonlyMap<string, string>[];
}

/** What came back for a path: an HTTP status, or why there was none. */
export type Answer = number | string;

/** A running instance of the app, as far as manifests speak of it. */
export interface Live {
  /** As it was named on the command line. */
  readonly address: string;
  /** By path, for every path that a probe or a monitor of a Rollout names. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** By path: why an answer that is scraped is no exposition. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** By name; empty where no scrape succeeded. */
  readonly metrics: ReadonlyMap<string, LiveMetric>;
}

/** The metrics of an exposition by the names that queries use. */
export function metricsOf({ samples, types }: Exposition): ReadonlyMap<string, LiveMetric> {
  const byName = Map.groupBy(samples, ({ labels }) => labels.get('__name__') ?? '');
  return new Map(
    [...byName].map(([name, exposed]) => {
      // OpenMetrics names a counter's family without its `_total`.
      const type = types.get(name) ?? types.get(name.replace(/_(bucket|sum|count|total)$/, ''));
      return [name, { type, series: exposed.map(({ labels }) => labels) }];
    }),
  );
}
