import type { Labels } from '../promql/labels.ts';
import { createSeriesStore, type Series, type SeriesSample, type SeriesStore } from '../promql/store.ts';
import { type Shape, sampleOf } from './shapes.ts';
import type { PodTraffic } from './traffic.ts';

/** A series about a pod, and what it counts. */
export interface ShapedSeries {
  readonly shape: Shape;
  /** The labels of the shape and those that the scrape adds. */
  readonly labels: Labels;
}

/** A pod that is scraped. */
export interface ScrapedPod {
  readonly traffic: PodTraffic;
  /** The series that Prometheus keeps of this pod. */
  readonly series: readonly ShapedSeries[];
  /** When it is first scraped, seconds since the epoch. Every `interval` it is scraped again. */
  readonly firstScrape: number;
  /** When it was deleted; infinite while it exists. */
  endsAt: number;
}

interface Target {
  readonly pod: ScrapedPod;
  readonly series: ModelSeries[];
  nextScrape: number;
}

interface ModelSeries extends Series {
  readonly samples: SeriesSample[];
  readonly shape: Shape;
  readonly target: Target;
}

/** The store of a simulated Prometheus. A series is filled in only when a query selects it, which saves most of the work. */
export interface Scrapes extends SeriesStore {
  readonly add: (pod: ScrapedPod) => void;
  /**
   * Makes every scrape that is due at `now`. Call it before reading a pod's traffic elsewhere: traffic cannot be asked about an earlier
   * time again.
   */
  readonly advance: (now: number) => void;
}

/** `interval` in seconds. `isBorn`: whether the app exposes every series at 0 from its start. */
export function createScrapes(interval: number, isBorn: boolean): Scrapes {
  const targets: Target[] = [];
  const series: ModelSeries[] = [];
  const store = createSeriesStore(series);

  function scrapeUntil(target: Target, now: number): void {
    const last = Math.min(now, target.pod.endsAt);
    for (; target.nextScrape <= last; target.nextScrape += interval) {
      const counts = target.pod.traffic.countsAt(target.nextScrape);
      // Prometheus keeps whole milliseconds.
      const timeSeconds = Math.round(target.nextScrape * 1000) / 1000;
      for (const { samples, shape } of target.series) {
        const value = sampleOf(shape, counts, isBorn);
        if (value !== undefined) {
          samples.push({ timeSeconds, value });
        }
      }
    }
  }

  return {
    add(pod) {
      if (pod.series.length === 0) {
        return;
      }
      const target: Target = { pod, series: [], nextScrape: pod.firstScrape };
      for (const { labels, shape } of pod.series) {
        target.series.push({ labels, samples: [], shape, target });
      }
      targets.push(target);
      series.push(...target.series);
    },
    advance(now) {
      for (const target of targets) {
        scrapeUntil(target, now);
      }
    },
    select(matchers, _from, to) {
      const found = store.select(matchers);
      for (const { target } of found) {
        scrapeUntil(target, to);
      }
      return found;
    },
  };
}
