import { liveSelectors } from '../live-selectors.ts';
import type { Rule } from '../rule.ts';

export const liveMetric: Rule = {
  id: 'live/metric',
  severity: 'error',
  why: 'A query over a metric that nobody exposes is always empty: a gate’s read is an Error, an alert never fires, a panel shows nothing.',
  fix: 'Name a metric that the app exposes from its start, or have it expose this one.',
  *check(workspace) {
    for (const { query, name, metric } of liveSelectors(workspace)) {
      if (metric === undefined) {
        const { address = '', metrics = new Map<string, unknown>() } = workspace.live ?? {};
        const family = `${name.split('_')[0]}_`;
        const alike = [...metrics.keys()].filter((other) => other.startsWith(family));
        yield {
          manifest: query.manifest,
          path: query.path,
          message: `${query.what} must ask for metrics that exist; ${address} does not expose '${name}'`,
          ...(alike.length > 0 ? { fix: `Name one that it does expose: ${alike.slice(0, 6).join(', ')}.` } : {}),
        };
      }
    }
  },
};
