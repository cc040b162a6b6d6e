import { ExpositionError } from '../../exposition/errors.ts';
import { type Exposition, parseExposition } from '../../exposition/parse.ts';
import type { Json } from '../../manifest/json.ts';
import type { Labels } from '../../promql/labels.ts';
import type { Matcher } from '../../promql/matcher.ts';
import { createSeriesStore, matchesAll, type Series, type SeriesSample } from '../../promql/store.ts';
import { relabel } from '../../workload/relabel.ts';
import type { Clock } from './clock.ts';
import { get, type Reply } from './request.ts';

/** One scrape target. */
export interface ScrapeTarget {
  /** Added to every series of the target. */
  readonly labels: Labels;
  readonly metricRelabelings: readonly Json[];
  /** Port of this machine; undefined while no process runs. */
  readonly port: () => number | undefined;
  readonly path: string;
}

/** Timeout of a scrape, in wall-clock time because it measures the app. */
const TIMEOUT_MILLISECONDS = 4_000;
/**
 * Seconds that the clock may run ahead of wall-clock time while a scrape waits for its response: few, so that a read soon after the
 * scrape sees it, also where the machine is slow.
 */
const AHEAD_SECONDS = 0.1;

interface KnownSeries extends Series {
  readonly samples: SeriesSample[];
}

/**
 * The embedded Prometheus: it scrapes targets and keeps the series that the gate's queries can select. `asked`: the matchers of each
 * selector in the queries. `onSample` gets every sample kept, also stale markers.
 */
export function createScrapeStore(
  clock: Clock,
  intervalSeconds: number,
  asked: readonly (readonly Matcher[])[],
  onSample: (labels: Labels, sample: SeriesSample) => void,
) {
  /** By their labels as JSON text. */
  const series = new Map<string, KnownSeries>();
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

  function push(labels: Labels, sample: SeriesSample): KnownSeries {
    const key = JSON.stringify([...labels]);
    const found = series.get(key);
    const one = found ?? { labels, samples: [] };
    if (found === undefined) {
      series.set(key, one);
      all.push(one);
    }
    const last = one.samples.at(-1);
    if (last === undefined || last.timeSeconds < sample.timeSeconds) {
      one.samples.push(sample);
      onSample(one.labels, sample);
    }
    return one;
  }

  return {
    /** Scrapes a target in every interval, unless no query can select its series. Returns a function that ends that. */
    scrape(target: ScrapeTarget, firstAt: number): () => void {
      if (!canBeAsked(target)) {
        return () => undefined;
      }
      /** The series of the last scrape. */
      let current: ReadonlySet<KnownSeries> = new Set();
      let isGone = false;

      /** Adds a scrape's samples, and a stale marker to each series that was in the scrape before and is not in this one. */
      function keep(samples: Exposition['samples'], timeSeconds: number): void {
        const seen = new Set<KnownSeries>();
        for (const { labels: exposed, value } of samples) {
          if (target.metricRelabelings.length === 0 && !mayBeAsked(exposed.get('__name__') ?? '')) {
            continue;
          }
          const own = [...exposed].filter(([, text]) => text !== '');
          const renamed = own.map(
            ([name, text]) => [target.labels.has(name) ? `exported_${name}` : name, text] as const,
          );
          const labels = relabel(target.metricRelabelings, new Map([...renamed, ...target.labels]))?.labels;
          if (labels !== undefined && asked.some((matchers) => matchesAll(labels, matchers))) {
            seen.add(push(labels, { timeSeconds, value }));
          }
        }
        for (const one of current) {
          if (!seen.has(one)) {
            push(one.labels, { timeSeconds, value: 'stale' });
          }
        }
        current = seen;
      }

      async function scrapeOnce(): Promise<void> {
        const next = clock.now() + intervalSeconds;
        const timeSeconds = present();
        const port = target.port();
        const end = clock.begin(AHEAD_SECONDS);
        const reply = port === undefined ? undefined : await get(port, target.path, TIMEOUT_MILLISECONDS);
        end();
        if (!isGone) {
          keep(samplesOf(reply), timeSeconds);
          callOff = clock.at(Math.max(next, clock.now()), () => void scrapeOnce());
        }
      }

      let callOff = clock.at(firstAt, () => void scrapeOnce());
      return () => {
        isGone = true;
        callOff();
        keep([], present());
      };
    },
    select: createSeriesStore(all).select,
  };
}

/** The samples of a response; none where it is not a valid exposition. */
function samplesOf(reply: Reply | undefined): Exposition['samples'] {
  if (reply?.status !== 200) {
    return [];
  }
  try {
    return parseExposition(reply.body, reply.contentType).samples;
  } catch (error) {
    if (!(error instanceof ExpositionError)) {
      throw error;
    }
    return [];
  }
}
