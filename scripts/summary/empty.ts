import { selectorMatchers } from '../promql/matcher.ts';
import { matchesAll } from '../promql/store.ts';
import { selectors } from '../promql/walk.ts';
import type { Model } from '../rehearsal/model/model.ts';
import { CANARY, STABLE } from '../rehearsal/release.ts';

/** The controller's words for a condition over an empty result. */
const EMPTY = /metric result is nil or empty/;

/**
 * Why a metric's Error says what it does, in words: a condition over an empty result only says that there is no element. `no series
 * match: …` where no pod of either version has such a series, else that the query returns nothing. `seconds` is when, since the release
 * began.
 */
export function explainError(
  { queries, workload, seriesOf, scrapeInterval }: Model,
  metric: string,
  { error, seconds }: { readonly error: string; readonly seconds: number },
): string {
  const [found] = workload.metrics.filter(({ name }) => name === metric);
  const query = found === undefined ? undefined : queries.get(found.query ?? '');
  if (query === undefined || !EMPTY.test(error)) {
    return error;
  }
  const series = [CANARY, STABLE].flatMap((hash) => seriesOf({ name: hash, hash }));
  const missing = selectors(query).find((selector) => {
    const matchers = selectorMatchers(selector);
    return !series.some(({ labels }) => matchesAll(labels, matchers));
  });
  if (missing === undefined) {
    const isCanaryAlone = selectors(query).every((selector) => {
      const matchers = selectorMatchers(selector);
      return !seriesOf({ name: STABLE, hash: STABLE }).some(({ labels }) => matchesAll(labels, matchers));
    });
    return isCanaryAlone && seconds < 2 * scrapeInterval
      ? `the query returns nothing before a new pod has been scraped twice, every ${scrapeInterval} s`
      : 'the query returns nothing';
  }
  const inside = missing.matchers.map(({ label, op, value }) => `${label}${op}"${value}"`).join(', ');
  return `no series match: ${missing.name ?? ''}${inside === '' ? '' : `{${inside}}`}`;
}
