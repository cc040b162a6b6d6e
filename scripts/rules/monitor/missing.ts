import { selectors } from '../../promql/walk.ts';
import { containersOf } from '../../workload/rollout.ts';
import { scrapesOf, servicesOf } from '../../workload/scrape.ts';
import type { Rule } from '../rule.ts';
import { asksCanaryOnly } from '../used-metric.ts';

export const monitorMissing: Rule = {
  id: 'monitor/missing',
  severity: 'error',
  why: 'Nothing scrapes the pods, so the query has no series: every read is an Error, and every release is aborted.',
  fix: 'Add a ServiceMonitor whose selector matches the labels of a Service that selects the pods, and whose port is that Service’s.',
  *check(workspace) {
    const hasMonitor = ['ServiceMonitor', 'PodMonitor'].some((kind) => workspace.ofKind(kind).length > 0);
    for (const rollout of workspace.rollouts) {
      // Series that are selected by pod template hash come from the pods; those of an ingress or a mesh need no monitor here.
      const used = workspace.metrics.find(
        ({ use, query }) =>
          use?.rollout === rollout &&
          query?.expr !== undefined &&
          asksCanaryOnly(query.text) &&
          selectors(query.expr).length > 0,
      );
      if (used === undefined || containersOf(rollout).length === 0 || scrapesOf(workspace, rollout).length > 0) {
        continue;
      }
      const services = servicesOf(workspace, rollout).map(({ name }) => `'${name}'`);
      const missing =
        services.length === 0
          ? 'no Service in its folder selects its pods'
          : `no ServiceMonitor selects Service ${services.join(' or ')} and a port of it`;
      yield {
        manifest: rollout.manifest,
        path: ['metadata', 'name'],
        message: `the pods of Rollout '${rollout.manifest.name}' must be scraped, for the query of '${used.manifest.name}': ${missing}`,
        // If the files have no monitor at all, one that is kept elsewhere may scrape the pods.
        ...(hasMonitor ? {} : { severity: 'info' as const }),
      };
    }
  },
};
