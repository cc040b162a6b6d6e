import type { Labels } from '../promql/labels.ts';
import { createSeriesStore, type SeriesSample, type SeriesStore } from '../promql/store.ts';
import { type Shape, sampleOf } from './shapes.ts';

/** How one pod has been answering, all the time. */
export interface SteadyPod {
  readonly shapes: readonly Shape[];
  /** Labels of its scrape, which come beside those of a shape. */
  readonly labels: Labels;
  readonly requestsPerSecond: number;
  /** Shares of its requests, 0–1. */
  readonly failureRatio: number;
  readonly clientErrorRatio: number;
}

/** More samples than any window needs to be told from another. */
const MOST_SAMPLES = 200;

/** What Prometheus holds at `now`, seconds since the epoch, of pods that answered the same for `seconds` until then. */
export function steadyStore(pods: readonly SteadyPod[], now: number, seconds: number, isBorn: boolean): SeriesStore {
  const step = seconds / MOST_SAMPLES;
  const series = pods.flatMap((pod) =>
    pod.shapes.flatMap((shape) => {
      const samples: SeriesSample[] = [];
      for (let time = now - seconds; time <= now; time += step) {
        const value = sampleOf(shape, countsOf(pod, time - now + seconds), isBorn);
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
