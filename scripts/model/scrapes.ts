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
  readonly traffic: Pick<PodTraffic, 'countsAt'>;
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
  isEnded: boolean;
}

interface ModelSeries extends Series {
  readonly samples: SeriesSample[];
  readonly shape: Shape;
  readonly target: Target;
  /** Whether a scrape brings it: not while the Service that it is scraped through selects other pods. */
  isScraped: boolean;
}

/** The store of a simulated Prometheus. A series is filled in only when a query selects it, which saves most of the work. */
export interface Scrapes extends SeriesStore {
  readonly add: (pod: ScrapedPod) => void;
  /** From `now` on only the series of a pod that `isScraped` holds for are scraped; the others end. */
  readonly limit: (pod: ScrapedPod, now: number, isScraped: (labels: Labels) => boolean) => void;
  /**
   * Makes every scrape that is due at `now`. Call it before reading a pod's traffic elsewhere: traffic cannot be asked about an earlier
   * time again.
   */
  readonly advance: (now: number) => void;
}

/** `interval` in seconds. `isBorn`: whether the app exposes every series at 0 from its start. */
export function createScrapes(interval: number, isBorn: boolean): Scrapes {
  const targets = new Map<ScrapedPod, Target>();
  const series: ModelSeries[] = [];
  const store = createSeriesStore(series);

  function scrapeUntil(target: Target, now: number): void {
    const last = Math.min(now, target.pod.endsAt);
    for (; target.nextScrape <= last; target.nextScrape += interval) {
      const counts = target.pod.traffic.countsAt(target.nextScrape);
      // Prometheus keeps whole milliseconds.
      const timeSeconds = Math.round(target.nextScrape * 1000) / 1000;
      for (const { samples, shape, isScraped } of target.series) {
        const value = isScraped ? sampleOf(shape, counts, isBorn) : undefined;
        if (value !== undefined) {
          samples.push({ timeSeconds, value });
        }
      }
    }
    if (last < now && !target.isEnded) {
      target.isEnded = true;
      target.series.forEach(end(last));
    }
  }

  /** Marks a series as stale, as Prometheus does when its target is gone. */
  function end(at: number): (series: ModelSeries) => void {
    const timeSeconds = Math.round(at * 1000) / 1000;
    return ({ samples }) => {
      const last = samples.at(-1);
      if (last !== undefined && last.timeSeconds < timeSeconds) {
        samples.push({ timeSeconds, value: 'stale' });
      }
    };
  }

  return {
    add(pod) {
      if (pod.series.length === 0) {
        return;
      }
      const target: Target = { pod, series: [], nextScrape: pod.firstScrape, isEnded: false };
      for (const { labels, shape } of pod.series) {
        target.series.push({ labels, samples: [], shape, target, isScraped: true });
      }
      targets.set(pod, target);
      series.push(...target.series);
    },
    limit(pod, now, isScraped) {
      const target = targets.get(pod);
      const changed = target?.series.filter((one) => one.isScraped !== isScraped(one.labels)) ?? [];
      if (target === undefined || changed.length === 0) {
        return;
      }
      scrapeUntil(target, now);
      changed.filter((one) => one.isScraped).forEach(end(now));
      for (const one of changed) {
        one.isScraped = !one.isScraped;
      }
    },
    advance(now) {
      for (const target of targets.values()) {
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
