import type { Histogram, Registry } from 'prom-client';
import { bornCodes, METHODS, type Method } from './series.ts';

/** 0.5 s is the latency gate's line; it must be a bucket, or the gate can only guess. */
const BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Number.POSITIVE_INFINITY];

const DURATION = 'http_request_duration_seconds';

/** The instruments of one user route. */
export interface RouteInstruments {
  readonly route: string;
  /** Counts a finished request. Nothing but born series ever changes. */
  record(method: Method, code: number, durationSeconds: number): void;
}

type Labels = Readonly<Record<string, string | number>>;

/** One line of the exposition, as prom-client renders it: `sharedLabels` once for every scrape, `labels` at each. */
interface Sample {
  readonly metricName?: string;
  readonly sharedLabels: Labels;
  readonly labels?: Labels;
  readonly value: number;
}

/** Everything counted of one route and method. */
interface Row {
  readonly labels: Labels;
  readonly codes: Map<number, { readonly labels: Labels; count: number }>;
  /** Not cumulative: `buckets[i]` counts durations above `BUCKETS[i - 1]` and up to `BUCKETS[i]`. */
  readonly buckets: number[];
  sumSeconds: number;
}

/**
 * `http_requests_total` and `http_request_duration_seconds`, counted in plain numbers and turned into series
 * at the scrape. prom-client's own Counter and Histogram build a label string per increment, which costs more
 * than all else we do for a request; the exposition stays prom-client's.
 */
export function createRequestMetrics(
  registry: Registry,
): (route: string, served: readonly string[]) => RouteInstruments {
  const rows: Row[] = [];
  const register = (metric: { name: string; help: string; type: string }, samples: (row: Row) => readonly Sample[]) => {
    const collector = { ...metric, get: async () => ({ ...metric, values: rows.flatMap(samples) }) };
    // The registry asks no more of a metric than this; only its type asks for one of prom-client's own.
    registry.registerMetric(collector as unknown as Histogram);
  };
  register(
    {
      name: 'http_requests_total',
      help: 'Requests of users, by route pattern and status code; 499 when the client left first. No probes, no scrapes.',
      type: 'counter',
    },
    toCounterSamples,
  );
  register(
    { name: DURATION, help: 'Time from a matched route to the end of the response.', type: 'histogram' },
    toDurationSamples,
  );

  return (route, served) => {
    const byMethod = new Map<Method, Row>();
    for (const method of METHODS) {
      const codes = bornCodes(route, method, served).map(
        (code) => [code, { labels: { method, route, code }, count: 0 }] as const,
      );
      byMethod.set(method, {
        labels: { method, route },
        codes: new Map(codes),
        buckets: BUCKETS.map(() => 0),
        sumSeconds: 0,
      });
    }
    rows.push(...byMethod.values());
    return {
      route,
      record(method, code, durationSeconds) {
        const row = byMethod.get(method);
        const cell = row?.codes.get(code) ?? row?.codes.get(code < 500 ? 400 : 500);
        if (!row || !cell) {
          return;
        }
        cell.count += 1;
        row.sumSeconds += durationSeconds;
        let bucket = 0;
        while (durationSeconds > (BUCKETS[bucket] ?? 0)) {
          bucket += 1;
        }
        row.buckets[bucket] = (row.buckets[bucket] ?? 0) + 1;
      },
    };
  };
}

function toCounterSamples({ codes }: Row): readonly Sample[] {
  return [...codes.values()].map(({ labels, count }) => ({ sharedLabels: labels, value: count }));
}

function toDurationSamples({ labels: sharedLabels, buckets, sumSeconds }: Row): readonly Sample[] {
  let count = 0;
  const samples = BUCKETS.map((bound, index): Sample => {
    count += buckets[index] ?? 0;
    return { metricName: `${DURATION}_bucket`, labels: { le: formatBound(bound) }, sharedLabels, value: count };
  });
  return [
    ...samples,
    { metricName: `${DURATION}_sum`, sharedLabels, value: sumSeconds },
    { metricName: `${DURATION}_count`, sharedLabels, value: count },
  ];
}

function formatBound(bound: number): string {
  return Number.isFinite(bound) ? String(bound) : '+Inf';
}
