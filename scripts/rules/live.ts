import type { Exposition, MetricType } from '../exposition/parse.ts';
import { textAt } from '../manifest/json.ts';
import { rolloutContainers, scrapes } from './subjects.ts';
import type { Workspace } from './workspace.ts';

export const PROBES = ['readinessProbe', 'livenessProbe', 'startupProbe'] as const;

/** The Prometheus operator's default. */
export const METRICS_PATH = '/metrics';

/** The HTTP paths to request from a running instance: those that a probe or a monitor of a Rollout in the files names. */
export interface LivePaths {
  readonly probed: ReadonlySet<string>;
  readonly scraped: ReadonlySet<string>;
}

export function livePaths(workspace: Workspace): LivePaths {
  const probed = rolloutContainers(workspace).flatMap(({ container }) =>
    PROBES.flatMap((probe) => textAt(container, [probe, 'httpGet', 'path']) ?? []),
  );
  const scraped = scrapes(workspace).map(({ endpoint }) => textAt(endpoint, ['path']) ?? METRICS_PATH);
  // Without a monitor in the files, scrape the default path, so that queries can still be compared.
  return { probed: new Set(probed), scraped: new Set(scraped.length === 0 ? [METRICS_PATH] : scraped) };
}

/** One metric name that a running instance exposes; a histogram's `_bucket`, `_sum` and `_count` are three names. */
export interface LiveMetric {
  /** The type of its family: `histogram` for a `_bucket`. Undefined without a TYPE line. */
  readonly type: MetricType | undefined;
  /** The labels of each series, `__name__` included. */
  readonly series: readonly ReadonlyMap<string, string>[];
}

/** What came back for a path: an HTTP status, or why there was none. */
export type Answer = number | string;

/** What a running instance of the app returned for the paths that the manifests name. */
export interface Live {
  /** As it was named on the command line. */
  readonly address: string;
  /** By path, for every path that a probe or a monitor of a Rollout names. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** By scraped path: why the response is not a valid exposition. */
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
