import { at } from '../../manifest/json.ts';
import { scrapesOf } from '../../workload/scrape.ts';
import { OPERATOR_LABELS } from '../../workload/target-labels.ts';
import type { Rule } from '../rule.ts';

export const liveReservedLabel: Rule = {
  id: 'live/reserved-label',
  severity: 'error',
  why: 'The Prometheus operator gives every series labels of these names and renames the app’s own to `exported_…`, so a query by them means the target, not what the app said.',
  fix: 'Rename the label in the app, or move it back with `metricRelabelings`.',
  *check(workspace) {
    const metrics = [...(workspace.live?.metrics ?? [])];
    for (const { monitor, path, endpoint } of workspace.rollouts.flatMap((one) => scrapesOf(workspace, one))) {
      if (at(endpoint, ['honorLabels']) === true) {
        continue;
      }
      const relabelings = JSON.stringify(endpoint.metricRelabelings ?? []);
      for (const label of OPERATOR_LABELS) {
        const name = metrics.find(([, { series }]) => series.some((labels) => labels.has(label)))?.[0];
        if (name !== undefined && !relabelings.includes(`exported_${label}`)) {
          yield {
            manifest: monitor,
            path,
            message: `the app must not set the label '${label}' itself, as '${name}' does`,
          };
        }
      }
    }
  },
};
