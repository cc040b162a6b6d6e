import { listAt } from '../../manifest/json.ts';
import { selectors } from '../../promql/walk.ts';
import { HASHES } from '../../workload/analysis-arguments.ts';
import { scrapesOf } from '../../workload/scrape.ts';
import type { Rule } from '../rule.ts';

/** The pods' label, and its name in Prometheus. */
const POD_LABEL = 'rollouts-pod-template-hash';
const LABEL = 'rollouts_pod_template_hash';

export const queryPodLabel: Rule = {
  id: 'query/pod-label',
  severity: 'error',
  why: 'No series carries the label that the query asks for, so it is always empty: every read is an Error, and every release is aborted.',
  fix: 'Add `podTargetLabels: [rollouts-pod-template-hash]` to the monitor’s spec.',
  *check(workspace) {
    for (const { use, query, manifest } of workspace.metrics) {
      const asks =
        query?.expr !== undefined &&
        selectors(query.expr).some(({ matchers }) =>
          matchers.some(({ label, value }) => label === LABEL && value.includes(HASHES.Latest)),
        );
      for (const { monitor, endpoint } of asks && use !== undefined ? scrapesOf(workspace, use.rollout) : []) {
        const relabels = JSON.stringify(endpoint.relabelings ?? '').includes(LABEL);
        if (!listAt(monitor.object, ['spec', 'podTargetLabels']).includes(POD_LABEL) && !relabels) {
          yield {
            manifest: monitor,
            path: ['spec', 'podTargetLabels'],
            message: `podTargetLabels must list ${POD_LABEL}, which the query of '${manifest.name}' selects by`,
          };
        }
      }
    }
  },
};
