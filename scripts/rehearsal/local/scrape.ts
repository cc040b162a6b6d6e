import { ExpositionError } from '../../exposition/errors.ts';
import { parseExposition } from '../../exposition/parse.ts';
import type { Json } from '../../manifest/json.ts';
import type { Labels } from '../../promql/labels.ts';
import type { Matcher } from '../../promql/matcher.ts';
import { createSeriesStore, matchesAll, type Series, type SeriesSample, type SeriesStore } from '../../promql/store.ts';
import { relabel } from '../../workload/relabel.ts';
import type { Clock } from './clock.ts';
import { get } from './request.ts';

/** One scrape target. */
export interface ScrapeTarget {
  /** Added to every series of the target. */
  readonly labels: Labels;
  readonly metricRelabelings: readonly Json[];
  /** Port of this machine; undefined while no process runs. */
  readonly port: () => number | undefined;
  readonly path: string;
}

/** The embedded Prometheus: it scrapes targets and keeps the series that the gate's queries can select. */
export interface ScrapeStore extends SeriesStore {
  /** Scrapes a target in every interval, unless no query can select its series. Returns a function that ends that. */
  readonly scrape: (target: ScrapeTarget, firstAt: number) => () => void;
}

/** Timeout of a scrape, in wall-clock time because it measures the app. */
const TIMEOUT_MILLISECONDS = 4_000;
/** Seconds that the clock may run ahead of wall-clock time while a scrape waits for its response. */
const AHEAD_SECONDS = 0.5;

interface KnownSeries extends Series {
  readonly samples: SeriesSample[];
}

/** Series by their labels as JSON text. */
type Known = Map<string, KnownSeries>;

/** `asked`: the matchers of each selector in the queries. `onSample` gets every sample kept, also stale markers. */
export function createScrapeStore(
  clock: Clock,
  intervalSeconds: number,
  asked: readonly (readonly Matcher[])[],
  onSample: (labels: Labels, sample: SeriesSample) => void,
): ScrapeStore {
  const series: Known = new Map();
  const all: Series[] = [];

  /** For speed: most metrics that an app exposes are in no query of the gate. */
  const names = asked.map((matchers) => matchers.find(({ label, op }) => label === '__name__' && op === '='));
  const mayBeAsked = (name: string) => names.some((matcher) => matcher === undefined || matcher.matches(name));

  /** Whether a selector can match the target. Labels of the target replace exposed ones, so they alone decide their matchers. */
  const canBeAsked = ({ labels, metricRelabelings }: ScrapeTarget) =>
    metricRelabelings.length > 0 ||
    asked.some((matchers) =>
      matchers.every(({ label, matches }) => matches(labels.get(label) ?? '') || !labels.has(label)),
    );

  /** The clock in whole milliseconds, as Prometheus stores times. */
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

  /** Stores the samples of a response; returns false where it is not a valid exposition. */
  function store(contentType: string, body: string, target: ScrapeTarget, timeSeconds: number, known: Known): boolean {
    try {
      for (const { labels: exposed, value } of parseExposition(body, contentType).samples) {
        if (target.metricRelabelings.length === 0 && !mayBeAsked(exposed.get('__name__') ?? '')) {
          continue;
        }
        const own = [...exposed].filter(([, text]) => text !== '');
        const renamed = own.map(([name, text]) => [target.labels.has(name) ? `exported_${name}` : name, text] as const);
        const labels = relabel(target.metricRelabelings, new Map([...renamed, ...target.labels]))?.labels;
        if (labels !== undefined && asked.some((matchers) => matchesAll(labels, matchers))) {
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

  /** Adds a stale marker to each series, as Prometheus does when a scrape fails or the target is gone. */
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
