import { formatDuration } from '../../promql/format.ts';
import { selectors } from '../../promql/walk.ts';
import { scrapesOf } from '../../workload/scrape.ts';
import type { Rule } from '../rule.ts';

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
  *check(workspace) {
    for (const { manifest, path, use, query, intervalSeconds } of workspace.metrics) {
      if (use === undefined || query?.expr === undefined) {
        continue;
      }
      const windows = selectors(query.expr).flatMap(({ rangeSeconds }) => rangeSeconds ?? []);
      const [scrape] = scrapesOf(workspace, use.rollout).flatMap(({ intervalSeconds }) => intervalSeconds ?? []);
      const window = Math.min(...windows);
      const isMonitored = MONITORS.some((kind) => workspace.peers(use.rollout.manifest, kind).length > 0);
      const short = isMonitored ? undefined : USUAL_SCRAPES.filter((seconds) => window < 2 * seconds);
      if (scrape === undefined && short !== undefined && short.length > 0) {
        yield {
          manifest,
          path: query.path,
          message: `window [${formatDuration(window)}] must hold two scrapes, also at the usual interval of ${formatDuration(short[0] ?? 0)}`,
          severity: short.length === USUAL_SCRAPES.length ? 'error' : 'warning',
        };
      }
      if (windows.length > 0 && scrape !== undefined && window < SCRAPES * scrape) {
        yield {
          manifest,
          path: query.path,
          message: `window [${formatDuration(window)}] must hold at least ${SCRAPES} scrapes of ${formatDuration(scrape)}, ${formatDuration(SCRAPES * scrape)}`,
        };
      }
      if (intervalSeconds !== undefined && scrape !== undefined && intervalSeconds < scrape) {
        yield {
          manifest,
          path: [...path, 'interval'],
          message: `interval ${formatDuration(intervalSeconds)} must not be shorter than the scrape interval, ${formatDuration(scrape)}`,
          why: 'Between two scrapes nothing changes: the same samples are judged twice, and one bad moment fails two reads.',
          fix: 'Read less often, or scrape more often.',
        };
      }
    }
  },
};
