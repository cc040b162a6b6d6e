import { effectiveWeight } from '../../argo/pods.ts';
import { podsAtSteps, STEPS } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

/** Largest difference from the written weight that is not reported, in percentage points. */
const TOLERANCE = 5;

export const canaryEffectiveWeight: Rule = {
  id: 'canary/effective-weight',
  severity: 'warning',
  why: 'Without a traffic router a weight is a share of pods: few pods make few weights, and more users meet the canary than the number says.',
  fix: 'Write a weight that whole pods make, or raise `replicas`; only a traffic router splits requests.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      for (const { index, weight, pods } of podsAtSteps(rollout)) {
        const effective = effectiveWeight(pods);
        if (pods.canary > 0 && Math.abs(effective - weight) > TOLERANCE) {
          yield {
            manifest: rollout.manifest,
            path: [...STEPS, index, 'setWeight'],
            message: `setWeight ${weight} must be a share of whole pods: with ${rollout.replicas} replicas it is ${pods.canary} canary and ${pods.stable} stable, ${Math.round(effective)} %`,
          };
        }
      }
    }
  },
};
