import { ExpositionError } from '../../exposition/errors.ts';
import { parseExposition } from '../../exposition/parse.ts';
import type { Labels } from '../../promql/labels.ts';
import type { Matcher } from '../../promql/matcher.ts';
import { createSeriesStore, matchesAll, type Series, type SeriesSample, type SeriesStore } from '../../promql/store.ts';
import type { Clock } from './clock.ts';
import { get } from './request.ts';

/** What is scraped. */
export interface ScrapeTarget {
  readonly labels: Labels;
  /** This machine's port, undefined while nothing listens. */
  readonly port: () => number | undefined;
  readonly path: string;
}

/** The embedded Prometheus: scrapes, and keeps what the gate's selectors can ask for. */
export interface ScrapeStore extends SeriesStore {
  /** Scrapes a target every interval, unless no query can select what it exposes. Returns how to stop, when it is gone. */
  readonly scrape: (target: ScrapeTarget, firstAt: number) => () => void;
}

/** Wall-clock time: it measures the app. */
const TIMEOUT_MILLISECONDS = 4_000;
/** Seconds that the clock may be ahead of a scrape that is not answered yet. */
const AHEAD_SECONDS = 0.5;

interface KnownSeries extends Series {
  readonly samples: SeriesSample[];
}

/** What a target exposed so far, by its text. */
type Known = Map<string, KnownSeries>;

/** `onSample` is called with every sample that is kept, stale markers included. */
export function createScrapeStore(
  clock: Clock,
  intervalSeconds: number,
  asked: readonly (readonly Matcher[])[],
  onSample: (labels: Labels, sample: SeriesSample) => void,
): ScrapeStore {
  const series: Known = new Map();
  const all: Series[] = [];

  /** Most of what an app exposes is of no metric that the gate names. */
  const names = asked.map((matchers) => matchers.find(({ label, op }) => label === '__name__' && op === '='));
  const mayBeAsked = (name: string) => names.some((matcher) => matcher === undefined || matcher.matches(name));

  /** A target's own labels take precedence over those that it exposes. */
  const canBeAsked = ({ labels }: ScrapeTarget) =>
    asked.some((matchers) =>
      matchers.every(({ label, matches }) => matches(labels.get(label) ?? '') || !labels.has(label)),
    );

  /** Prometheus keeps whole milliseconds. */
  const present = () => Math.round(clock.now() * 1000) / 1000;

  async function scrapeOnce(target: ScrapeTarget, known: Known, isGone: () => boolean): Promise<void> {
    const timeSeconds = present();
    const port = target.port();
    const end = clock.begin(AHEAD_SECONDS);
    const reply = port === undefined ? undefined : await get(port, target.path, TIMEOUT_MILLISECONDS);
    end();
    if (isGone()) {
      return;
    }
    const isStored = reply?.status === 200 && store(reply.contentType, reply.body, target, timeSeconds, known);
    if (!isStored) {
      markStale(known, timeSeconds);
    }
  }

  /** Whether it was an exposition. */
  function store(contentType: string, body: string, target: ScrapeTarget, timeSeconds: number, known: Known): boolean {
    try {
      for (const { labels: exposed, value } of parseExposition(body, contentType).samples) {
        if (!mayBeAsked(exposed.get('__name__') ?? '')) {
          continue;
        }
        const labels = new Map([...[...exposed].filter(([, text]) => text !== ''), ...target.labels]);
        if (asked.some((matchers) => matchesAll(labels, matchers))) {
          const key = JSON.stringify([...labels]);
          push(known.get(key) ?? add(key, labels, known), { timeSeconds, value });
        }
      }
      return true;
    } catch (error) {
      if (!(error instanceof ExpositionError)) {
        throw error;
      }
      return false;
    }
  }

  function push({ labels, samples }: KnownSeries, sample: SeriesSample): void {
    samples.push(sample);
    onSample(labels, sample);
  }

  function add(key: string, labels: Labels, known: Known): KnownSeries {
    const one = series.get(key) ?? { labels, samples: [] };
    if (!series.has(key)) {
      series.set(key, one);
      all.push(one);
    }
    known.set(key, one);
    return one;
  }

  /** As Prometheus does when a scrape fails or its target is gone. */
  function markStale(known: Known, timeSeconds: number): void {
    for (const one of known.values()) {
      const end = one.samples.at(-1);
      if (end !== undefined && end.value !== 'stale' && end.timeSeconds < timeSeconds) {
        push(one, { timeSeconds, value: 'stale' });
      }
    }
  }

  return {
    scrape(target, firstAt) {
      if (!canBeAsked(target)) {
        return () => undefined;
      }
      const known = new Map() as Known;
      let isGone = false;
      const scrapeFrom = (time: number): (() => void) =>
        clock.at(time, () => {
          const next = clock.now() + intervalSeconds;
          void scrapeOnce(target, known, () => isGone).then(() => {
            callOff = isGone ? callOff : scrapeFrom(Math.max(next, clock.now()));
          });
        });
      let callOff = scrapeFrom(firstAt);
      return () => {
        isGone = true;
        callOff();
        markStale(known, present());
      };
    },
    select: createSeriesStore(all).select,
  };
}
