import { parseExposition } from '../exposition/parse.ts';
import { get } from '../rehearsal/local/request.ts';
import { NEVER_SECONDS } from './time.ts';

/** What the soak uses of one scrape. */
export interface Reading {
  /** `http_requests_total` by `method route code`, without the zeroes. */
  readonly counted: ReadonlyMap<string, number>;
  readonly inFlight: number;
  /** The 99th percentile since the previous scrape. */
  readonly eventLoopP99Seconds: number;
  /** Every series by its name and labels. */
  readonly series: ReadonlySet<string>;
}

/** Scrapes a port; undefined where there is no answer. */
export async function readMetrics(port: number): Promise<Reading | undefined> {
  const { status, body, contentType } = await get(port, '/metrics', NEVER_SECONDS * 1000);
  if (status !== 200) {
    return undefined;
  }
  const { samples } = parseExposition(body, contentType);
  const gauge = (name: string) => samples.find(({ labels }) => labels.get('__name__') === name)?.value ?? Number.NaN;
  const requests = samples.filter(({ labels, value }) => labels.get('__name__') === 'http_requests_total' && value > 0);
  const keyOf = (labels: ReadonlyMap<string, string>) =>
    `${labels.get('method')} ${labels.get('route')} ${labels.get('code')}`;
  return {
    counted: new Map(requests.map(({ labels, value }) => [keyOf(labels), value])),
    inFlight: gauge('http_requests_in_flight'),
    eventLoopP99Seconds: gauge('nodejs_eventloop_lag_p99_seconds'),
    series: new Set(samples.map(({ labels }) => JSON.stringify([...labels]))),
  };
}
