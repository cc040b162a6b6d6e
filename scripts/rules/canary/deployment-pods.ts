import { podsInRelease, workloadDeployment } from '../../workload/workload-deployment.ts';
import type { Rule } from '../rule.ts';

export const canaryDeploymentPods: Rule = {
  id: 'canary/deployment-pods',
  severity: 'error',
  why: 'A new template is the Deployment’s too: it gives its own pods the new version at once, past every step and every analysis. The controller scales it down once, after the first version; what is applied with `replicas` brings the pods back.',
  fix: 'Write `replicas: 0` in the Deployment; or leave `replicas` out and set `scaleDown: onsuccess` in the `workloadRef`.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      const found = workloadDeployment(rollout);
      const pods = found === undefined ? 0 : podsInRelease(found);
      if (found !== undefined && pods > 0) {
        yield {
          manifest: rollout.manifest,
          path: ['spec', 'workloadRef'],
          pointAt: 'key',
          // With `scaleDown` the controller keeps the Deployment at 0 pods until its manifest is applied again.
          severity: found.scaleDown === 'never' ? 'error' : 'warning',
          message: `workloadRef must name a Deployment without pods: '${found.name}' has ${pods} of its own, which get the new version at once`,
        };
      }
    }
  },
};
