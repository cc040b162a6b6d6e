import { parseExposition } from '../exposition/parse.ts';
import { get } from '../rehearsal/local/request.ts';

/** What one scrape says. */
export interface Reading {
  /** `http_requests_total` by `method route code`, without the zeroes. */
  readonly counted: ReadonlyMap<string, number>;
  readonly inFlight: number;
  readonly residentBytes: number;
  /** Since the scrape before. */
  readonly eventLoopP99Seconds: number;
  /** Every series by its name and labels. */
  readonly series: ReadonlySet<string>;
}

const TIMEOUT_MILLISECONDS = 30_000;

/** Scrapes a port; undefined where there was no answer in time. */
export async function readMetrics(port: number): Promise<Reading | undefined> {
  const reply = await get(port, '/metrics', TIMEOUT_MILLISECONDS);
  return reply.status === 200 ? parseReading(reply.body, reply.contentType) : undefined;
}

function parseReading(body: string, contentType: string): Reading {
  const counted = new Map<string, number>();
  const series = new Set<string>();
  const plain = new Map<string, number>();
  for (const { labels, value } of parseExposition(body, contentType).samples) {
    const { __name__: name = '', ...rest } = Object.fromEntries(labels);
    series.add(JSON.stringify([...labels]));
    plain.set(name, value);
    if (name === 'http_requests_total' && value > 0) {
      counted.set(`${rest.method} ${rest.route} ${rest.code}`, value);
    }
  }
  const gaugeOf = (name: string) => plain.get(name) ?? Number.NaN;
  return {
    counted,
    series,
    inFlight: gaugeOf('http_requests_in_flight'),
    residentBytes: gaugeOf('process_resident_memory_bytes'),
    eventLoopP99Seconds: gaugeOf('nodejs_eventloop_lag_p99_seconds'),
  };
}
