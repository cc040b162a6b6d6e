import type { Labels } from '../promql/labels.ts';
import type { Matcher } from '../promql/matcher.ts';
import type { Series, SeriesSample, SeriesStore } from '../promql/store.ts';
import type { Shape } from './shapes.ts';
import type { Counts, PodTraffic } from './traffic.ts';

/** A pod that is scraped. */
export interface ScrapedPod {
  readonly traffic: PodTraffic;
  /** The labels that the scrape adds. */
  readonly targetLabels: ReadonlyMap<string, string>;
  /** Seconds since the epoch of its first scrape; the others follow an interval apart. */
  readonly firstScrape: number;
  /** When it was gone; infinite while it is there. */
  endsAt: number;
}

interface Target {
  readonly pod: ScrapedPod;
  readonly series: readonly { readonly labels: Labels; readonly samples: SeriesSample[]; readonly shape: Shape }[];
  nextScrape: number;
}

/** What Prometheus has stored, made up at the moment when it is asked: only what a query selects is ever counted. */
export interface Scrapes extends SeriesStore {
  readonly add: (pod: ScrapedPod) => void;
  /** Takes the scrapes that are due: before anyone else reads a pod's traffic, which only counts forward. */
  readonly advance: (now: number) => void;
}

/** `asked` are the matchers of every selector that will ever be asked for: what none of them matches is not kept. */
export function createScrapes(
  shapes: readonly Shape[],
  interval: number,
  asked: readonly (readonly Matcher[])[],
): Scrapes {
  const targets: Target[] = [];
  const selections = new Map<
    readonly Matcher[],
    { seen: number; readonly found: { target: Target; series: Series }[] }
  >();

  function scrapeUntil(target: Target, now: number): void {
    const last = Math.min(now, target.pod.endsAt);
    for (; target.nextScrape <= last; target.nextScrape += interval) {
      const counts = target.pod.traffic.countsAt(target.nextScrape);
      // Prometheus keeps whole milliseconds.
      const timeSeconds = Math.round(target.nextScrape * 1000) / 1000;
      for (const { samples, shape } of target.series) {
        samples.push({ timeSeconds, value: countOf(shape, counts) });
      }
    }
  }

  return {
    add(pod) {
      const series = shapes
        .map((shape) => ({
          labels: new Map([...shape.labels, ...pod.targetLabels]),
          samples: [] as SeriesSample[],
          shape,
        }))
        .filter(({ labels }) => asked.some((matchers) => isMatch(labels, matchers)));
      if (series.length > 0) {
        targets.push({ pod, series, nextScrape: pod.firstScrape });
      }
    },
    advance(now) {
      for (const target of targets) {
        scrapeUntil(target, now);
      }
    },
    *select(matchers, _from, to) {
      let selection = selections.get(matchers);
      if (selection === undefined) {
        selection = { seen: 0, found: [] };
        selections.set(matchers, selection);
      }
      for (; selection.seen < targets.length; selection.seen += 1) {
        const target = targets[selection.seen];
        for (const series of target?.series ?? []) {
          if (isMatch(series.labels, matchers)) {
            selection.found.push({ target: target as Target, series });
          }
        }
      }
      for (const { target, series } of selection.found) {
        scrapeUntil(target, to);
        yield series;
      }
    },
  };
}

function isMatch(labels: Labels, matchers: readonly Matcher[]): boolean {
  return matchers.every(({ label, matches }) => matches(labels.get(label) ?? ''));
}

function countOf({ counted, bound = 0 }: Shape, { succeeded, failed, hung, latencySeconds }: Counts): number {
  switch (counted) {
    case 'succeeded':
      return succeeded;
    case 'failed':
      return failed;
    case 'all':
      return succeeded + failed;
    case 'seconds':
      return (succeeded + failed - hung) * latencySeconds;
    case 'within':
      if (bound === Number.POSITIVE_INFINITY) {
        return succeeded + failed;
      }
      return latencySeconds <= bound ? succeeded + failed - hung : 0;
    default:
      return counted satisfies never;
  }
}
