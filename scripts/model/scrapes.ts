import type { Labels } from '../promql/labels.ts';
import { createSeriesStore, type Series, type SeriesSample, type SeriesStore } from '../promql/store.ts';
import { type Shape, sampleOf } from './shapes.ts';
import type { PodTraffic } from './traffic.ts';

/** A series that a pod exposes, and what it counts. */
export interface ShapedSeries {
  readonly shape: Shape;
  /** With those that the scrape adds. */
  readonly labels: Labels;
}

/** A pod that is scraped. */
export interface ScrapedPod {
  readonly traffic: PodTraffic;
  /** What is kept of it. */
  readonly series: readonly ShapedSeries[];
  /** Seconds since the epoch of its first scrape; the others follow an interval apart. */
  readonly firstScrape: number;
  /** When it was gone; infinite while it is there. */
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

/** What Prometheus has stored, made up at the moment when it is asked: only what a query selects is ever counted. */
export interface Scrapes extends SeriesStore {
  readonly add: (pod: ScrapedPod) => void;
  /** Takes the scrapes that are due: before anyone else reads a pod's traffic, which only counts forward. */
  readonly advance: (now: number) => void;
}

/** `interval` in seconds. `isBorn` where an app exposes every series from its start, at 0. */
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
