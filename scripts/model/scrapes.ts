import type { Labels } from '../promql/labels.ts';
import { createSeriesStore, type Series, type SeriesSample, type SeriesStore } from '../promql/store.ts';
import type { Shape } from './shapes.ts';
import type { Counts, PodTraffic } from './traffic.ts';

/** A series about a pod, and what it counts. */
export interface ShapedSeries {
  readonly shape: Shape;
  /** The labels of the shape and those that the scrape adds. */
  readonly labels: Labels;
}

/** A pod to scrape. */
export interface ScrapedPod {
  readonly traffic: Pick<PodTraffic, 'countsAt'>;
  /** The series that Prometheus keeps of this pod. */
  readonly series: readonly ShapedSeries[];
  /** When it is first scraped, seconds since the epoch. Every `interval` it is scraped again. */
  readonly firstScrape: number;
}

/** A pod that is scraped. */
export interface Target {
  /** When the pod was deleted; infinite while it exists. */
  endsAt: number;
  readonly traffic: ScrapedPod['traffic'];
  readonly series: ModelSeries[];
  readonly scrapes: Scrape[];
  nextScrape: number;
  isEnded: boolean;
}

interface Scrape {
  readonly timeSeconds: number;
  /** Undefined where the target is gone. */
  readonly counts: Counts | undefined;
}

interface ModelSeries extends Series {
  readonly samples: SeriesSample[];
  readonly shape: Shape;
  readonly target: Target;
  /** How many of the target's scrapes are among the samples. */
  filled: number;
  /** Whether a scrape brings it: not while the Service that it is scraped through selects other pods. */
  isScraped: boolean;
}

// Prometheus keeps whole milliseconds.
const wholeMilliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000;

/** The store of a simulated Prometheus. A series is filled in only when a query selects it, which saves most of the work. */
export interface Scrapes extends SeriesStore {
  readonly add: (pod: ScrapedPod) => Target;
  /** From `now` on only the series of a target that `isScraped` holds for are scraped; the others end. */
  readonly limit: (target: Target, now: number, isScraped: (labels: Labels) => boolean) => void;
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
    const { traffic, scrapes } = target;
    const last = Math.min(now, target.endsAt);
    for (; target.nextScrape <= last; target.nextScrape += interval) {
      const counts = traffic.countsAt(target.nextScrape);
      scrapes.push({ timeSeconds: wholeMilliseconds(target.nextScrape), counts });
    }
    if (last < now && !target.isEnded) {
      target.isEnded = true;
      scrapes.push({ timeSeconds: wholeMilliseconds(last), counts: undefined });
    }
  }

  function fill(one: ModelSeries): void {
    const { samples, shape, isScraped, target } = one;
    for (; one.filled < target.scrapes.length; one.filled += 1) {
      const { timeSeconds, counts } = target.scrapes[one.filled] as Scrape;
      const value = isScraped ? counts && shape.valueOf(counts, isBorn) : undefined;
      if (counts === undefined) {
        end(one, timeSeconds);
      } else if (value !== undefined) {
        samples.push({ timeSeconds, value });
      }
    }
  }

  /** Marks a series as stale, as Prometheus does when its target is gone. */
  function end({ samples }: ModelSeries, timeSeconds: number): void {
    const last = samples.at(-1);
    if (last !== undefined && last.timeSeconds < timeSeconds) {
      samples.push({ timeSeconds, value: 'stale' });
    }
  }

  return {
    add({ traffic, series: shaped, firstScrape }) {
      const endsAt = Number.POSITIVE_INFINITY;
      const target: Target = { traffic, series: [], scrapes: [], nextScrape: firstScrape, endsAt, isEnded: false };
      for (const { labels, shape } of shaped) {
        target.series.push({ labels, samples: [], shape, target, filled: 0, isScraped: true });
      }
      series.push(...target.series);
      if (shaped.length > 0) {
        targets.push(target);
      }
      return target;
    },
    limit(target, now, isScraped) {
      const changed = target.series.filter((one) => one.isScraped !== isScraped(one.labels));
      if (changed.length === 0) {
        return;
      }
      scrapeUntil(target, now);
      for (const one of changed) {
        fill(one);
        if (one.isScraped) {
          end(one, wholeMilliseconds(now));
        }
        one.isScraped = !one.isScraped;
      }
    },
    advance(now) {
      for (const target of targets) {
        scrapeUntil(target, now);
      }
    },
    select(matchers, _from, to) {
      const found = store.select(matchers);
      for (const one of found) {
        scrapeUntil(one.target, to);
        fill(one);
      }
      return found;
    },
  };
}
