import { at } from '../../manifest/json.ts';
import { CANARY } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const canaryMaxUnavailable: Rule = {
  id: 'canary/max-unavailable',
  severity: 'warning',
  why: 'The controller may take so many stable pods away before a canary pod is up, at every step: what is left serves all users.',
  fix: 'Write `maxSurge: 1` and `maxUnavailable: 0`; or the number that you can spare.',
  *check({ rollouts }) {
    for (const { manifest, canary, replicas, hasRouter, maxUnavailable } of rollouts) {
      // With a traffic router, stable keeps all its pods until the end.
      if (canary === undefined || hasRouter || replicas === 0 || maxUnavailable === 0) {
        continue;
      }
      const written = at(canary, ['maxUnavailable']);
      const isHalf = maxUnavailable * 2 >= replicas;
      if (isHalf || written === undefined) {
        const left = maxUnavailable >= replicas ? 'all' : String(maxUnavailable);
        yield {
          manifest,
          path: [...CANARY, 'maxUnavailable'],
          message: `maxUnavailable must leave enough pods: ${written === undefined ? 'its default' : `'${written}'`} lets ${left} of ${replicas} be missing`,
          severity: maxUnavailable >= replicas ? 'error' : isHalf ? 'warning' : 'info',
        };
      }
    }
  },
};
