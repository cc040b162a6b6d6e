import type { Labels } from '../promql/labels.ts';
import type { SeriesStore } from '../promql/store.ts';
import { createScrapes } from './scrapes.ts';
import type { Shape } from './shapes.ts';

/** A pod whose rate of requests and share of failures do not change. */
export interface SteadyPod {
  readonly shapes: readonly Shape[];
  /** The labels that a scrape adds to those of a shape. */
  readonly labels: Labels;
  readonly requestsPerSecond: number;
  /** Shares of its requests that are answered 5xx and 4xx, 0–1. */
  readonly failureRatio: number;
  readonly clientErrorRatio: number;
}

/** Scrapes over the whole time. */
const SCRAPES = 200;

/** The series of such pods, as Prometheus has them at `now` (seconds since the epoch) after scraping for `seconds`. */
export function steadyStore(pods: readonly SteadyPod[], now: number, seconds: number, isBorn: boolean): SeriesStore {
  const scrapes = createScrapes(seconds / SCRAPES, isBorn);
  const firstScrape = now - seconds;
  for (const pod of pods) {
    const series = pod.shapes.map((shape) => ({ shape, labels: new Map([...pod.labels, ...shape.labels]) }));
    const traffic = { countsAt: (time: number) => countsOf(pod, time - firstScrape) };
    scrapes.add({ traffic, series, firstScrape });
  }
  return scrapes;
}

function countsOf({ requestsPerSecond, failureRatio, clientErrorRatio }: SteadyPod, seconds: number) {
  const requests = requestsPerSecond * seconds;
  return {
    succeeded: requests * (1 - failureRatio - clientErrorRatio),
    client: requests * clientErrorRatio,
    failed: requests * failureRatio,
    hung: 0,
    latencySeconds: 0,
    isReady: true,
    restarts: 0,
  };
}
