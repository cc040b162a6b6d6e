import { isMap } from '../../manifest/json.ts';
import { containersOf } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const probeMissing: Rule = {
  id: 'probe/missing',
  severity: 'info',
  why: 'Without a readiness probe a pod counts as ready when its process starts: a canary that serves nobody passes, and gets traffic.',
  fix: 'Add a `readinessProbe` that asks what users need, such as GET /readyz.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      const containers = containersOf(rollout);
      // A readiness probe of one container decides for the whole pod.
      if (containers.length > 0 && !containers.some(({ container }) => isMap(container.readinessProbe))) {
        const { manifest, path, container } = containers[0] as (typeof containers)[0];
        yield {
          manifest,
          path: [...path, 'readinessProbe'],
          message: `readinessProbe must be set on container '${container.name}'`,
        };
      }
    }
  },
};
