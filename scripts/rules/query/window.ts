import { formatDuration } from '../../promql/format.ts';
import { selectors } from '../../promql/walk.ts';
import { scrapesOf } from '../../workload/scrape.ts';
import { gateQueries } from '../query-list.ts';
import { each, type Rule } from '../rule.ts';

/** A rate needs two samples; a window of four scrapes has enough even if one scrape fails. */
const SCRAPES = 4;
/** The most common scrape intervals in seconds, longest last. Prometheus' own default is 60. */
const USUAL_SCRAPES = [15, 30];
const MONITORS = ['ServiceMonitor', 'PodMonitor'];

export const queryWindow: Rule = {
  id: 'query/window',
  severity: 'warning',
  why: 'A window that holds fewer than two samples is empty (Prometheus 3 leaves out its left edge): reads turn to Errors in between, and any other read forgives them, so a broken canary can be promoted.',
  fix: 'Scrape more often, or read a longer window: at least four scrapes.',
  check: each(gateQueries, function* ({ manifest, used, expr }, workspace) {
    const { use, intervalSeconds } = used;
    if (use === undefined) {
      return;
    }
    const seconds = Math.min(...selectors(expr).flatMap(({ rangeSeconds }) => rangeSeconds ?? []));
    const [scrape] = scrapesOf(workspace, use.rollout).flatMap((one) => one.intervalSeconds ?? []);
    const isMonitored = MONITORS.some((kind) => workspace.peers(use.manifest, kind).length > 0);
    const short = isMonitored ? [] : USUAL_SCRAPES.filter((usual) => seconds < 2 * usual);
    if (scrape === undefined && short[0] !== undefined) {
      const message = `window [${formatDuration(seconds)}] must hold two scrapes, also at the usual interval of ${formatDuration(short[0])}`;
      yield { message, severity: short.length === USUAL_SCRAPES.length ? 'error' : 'warning' };
    }
    if (scrape !== undefined && seconds < SCRAPES * scrape) {
      const wanted = `${SCRAPES} scrapes of ${formatDuration(scrape)}, ${formatDuration(SCRAPES * scrape)}`;
      yield { message: `window [${formatDuration(seconds)}] must hold at least ${wanted}` };
    }
    if (intervalSeconds !== undefined && scrape !== undefined && intervalSeconds < scrape) {
      yield {
        manifest,
        path: [...used.path, 'interval'],
        message: `interval ${formatDuration(intervalSeconds)} must not be shorter than the scrape interval, ${formatDuration(scrape)}`,
        why: 'Between two scrapes nothing changes: the same samples are judged twice, and one bad moment fails two reads.',
        fix: 'Read less often, or scrape more often.',
      };
    }
  }),
};
