import { textAt } from '../../manifest/json.ts';
import { containersOf } from '../../workload/rollout.ts';
import { PROBES } from '../live-paths.ts';
import type { Rule } from '../rule.ts';

export const liveProbe: Rule = {
  id: 'live/probe',
  severity: 'error',
  why: 'The kubelet takes a status from 200 to 399 for success and everything else for failure: such a pod is never ready, or restarted for ever.',
  fix: 'Name the path on which the app answers; where it answers 503, see in its body what it waits for.',
  *check(workspace) {
    for (const rollout of workspace.rollouts) {
      for (const { manifest, path, container } of containersOf(rollout)) {
        for (const probe of PROBES) {
          const probed = textAt(container, [probe, 'httpGet', 'path']);
          const answer = workspace.live?.answers.get(probed ?? '');
          if (answer !== undefined && !(typeof answer === 'number' && answer >= 200 && answer < 400)) {
            yield {
              manifest,
              path: [...path, probe, 'httpGet', 'path'],
              message: `the ${probe} must ask a path that answers, and ${workspace.live?.address}${probed} answers ${answer}`,
              ...(probe === 'readinessProbe' && answer === 503 ? { severity: 'warning' as const } : {}),
            };
          }
        }
      }
    }
  },
};
