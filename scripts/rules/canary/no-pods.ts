import { podsAtSteps, STEPS } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const canaryNoPods: Rule = {
  id: 'canary/no-pods',
  severity: 'warning',
  why: 'No split of the pods fits, so the controller scales the canary to none, and the step completes: the rest of the rollout watches the old version.',
  fix: 'Set `maxSurge` to 1 or more, or choose another weight.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      for (const { index, weight, pods } of podsAtSteps(rollout)) {
        if (weight > 0 && pods.canary === 0 && rollout.replicas > 0) {
          yield {
            manifest: rollout.manifest,
            path: [...STEPS, index, 'setWeight'],
            message: `setWeight ${weight} must come to at least one pod: with ${rollout.replicas} replicas and maxSurge ${rollout.maxSurge} it is none`,
          };
        }
      }
    }
  },
};
