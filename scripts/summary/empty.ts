import type { RequestOutcome } from '../model/outcome-label.ts';
import type { Expr, SelectorExpr } from '../promql/ast.ts';
import { formatDuration } from '../promql/format.ts';
import { selectorMatchers } from '../promql/matcher.ts';
import { matchesAll } from '../promql/store.ts';
import { selectors } from '../promql/walk.ts';
import type { Model } from '../rehearsal/model/model.ts';
import { CANARY, STABLE } from '../rehearsal/release.ts';

/** The controller's words for a condition over an empty result. */
const EMPTY = /metric result is nil or empty/;

/** A read that is an Error: its message, its time in seconds since the release began, and the canary's failure ratio, 0–1. */
interface ReadAt {
  readonly error: string;
  readonly seconds: number;
  readonly failureRatio: number;
}

/**
 * Why a metric's query returned nothing, which the controller's message does not say. The first of: no pod has such a series;
 * none has it yet; a window is too short; the canary was not scraped twice. Any other Error is returned as it is.
 */
export function explainError(model: Model, metric: string, { error, seconds, failureRatio }: ReadAt): string {
  const { workload, scrapeInterval, isBornComplete } = model;
  const [found] = workload.metrics.filter(({ name }) => name === metric);
  const query = found?.expr;
  if (query === undefined || !EMPTY.test(error)) {
    return error;
  }
  const asked = selectors(query).map((selector) => ({
    selector,
    canary: shapesFor(model, selector, CANARY),
    stable: shapesFor(model, selector, STABLE),
  }));
  const missing = asked.find(({ canary, stable }) => canary.length + stable.length === 0);
  if (missing !== undefined) {
    return `no series match: ${format(missing.selector)}`;
  }
  const canaryHas = (outcome: RequestOutcome) =>
    (outcome === 'succeeded' && failureRatio < 1) || (outcome === 'failed' && failureRatio > 0);
  const later = asked.find(
    ({ canary, stable }) =>
      !isBornComplete &&
      !canary.some(({ isOfRequests, of }) => !isOfRequests || of.some(canaryHas)) &&
      !stable.some(({ isOfRequests, of }) => !isOfRequests || of.includes('succeeded')),
  );
  if (later !== undefined) {
    return `no series match before the first such answer: ${format(later.selector)}`;
  }
  const isCanaryAlone = asked.every(({ stable }) => stable.length === 0);
  return (
    shortWindow(model, query) ??
    (isCanaryAlone && seconds < 2 * scrapeInterval
      ? `the query returns nothing before a new pod has been scraped twice, ${scrapedEvery(model)}`
      : 'the query returns nothing')
  );
}

/** Says that a query's shortest window may hold fewer than the two scrapes that a rate needs; undefined where it cannot. */
export function shortWindow(model: Model, query: Expr): string | undefined {
  const windows = selectors(query).flatMap(({ rangeSeconds }) => rangeSeconds ?? []);
  const { scrapeInterval } = model;
  const window = Math.min(...windows);
  if (window >= 2 * scrapeInterval) {
    return undefined;
  }
  const holds = window <= scrapeInterval ? 'never holds two scrapes' : 'does not always hold two scrapes';
  return `window [${formatDuration(window)}] ${holds}, one ${scrapedEvery(model)}`;
}

function scrapedEvery({ scrapeInterval, workload }: Model): string {
  return `every ${scrapeInterval} s${workload.scraping === undefined ? ', as assumed' : ''}`;
}

/** What is counted by the series of one version that a selector matches. */
function shapesFor({ seriesOf }: Model, selector: SelectorExpr, hash: string) {
  const matchers = selectorMatchers(selector);
  return seriesOf({ name: hash, hash })
    .filter(({ labels }) => matchesAll(labels, matchers))
    .map(({ shape }) => shape);
}

function format({ name = '', matchers }: SelectorExpr): string {
  const inside = matchers.map(({ label, op, value }) => `${label}${op}"${value}"`).join(', ');
  return `${name}${inside === '' ? '' : `{${inside}}`}`;
}
