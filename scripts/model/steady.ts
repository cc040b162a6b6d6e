import type { Labels } from '../promql/labels.ts';
import { createSeriesStore, type SeriesSample, type SeriesStore } from '../promql/store.ts';
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

/** Samples of a series over the whole time. */
const MOST_SAMPLES = 200;

/** The series of such pods, as Prometheus has them at `now` (seconds since the epoch) after scraping for `seconds`. */
export function steadyStore(pods: readonly SteadyPod[], now: number, seconds: number, isBorn: boolean): SeriesStore {
  const step = seconds / MOST_SAMPLES;
  const series = pods.flatMap((pod) =>
    pod.shapes.flatMap((shape) => {
      const samples: SeriesSample[] = [];
      for (let time = now - seconds; time <= now; time += step) {
        const value = shape.valueOf(countsOf(pod, time - now + seconds), isBorn);
        if (value !== undefined) {
          samples.push({ timeSeconds: time, value });
        }
      }
      return samples.length === 0 ? [] : [{ labels: new Map([...pod.labels, ...shape.labels]), samples }];
    }),
  );
  return createSeriesStore(series);
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
