import { numberAt } from '../../manifest/json.ts';
import { STEPS } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const canaryWeightAscending: Rule = {
  id: 'canary/weight-ascending',
  severity: 'warning',
  why: 'A step that lowers the weight sends users back to stable and reads as a rollback in the metrics.',
  fix: 'Order the `setWeight` steps from smallest to largest.',
  *check({ rollouts }) {
    for (const { manifest, steps } of rollouts) {
      let before = 0;
      for (const [index, step] of steps.entries()) {
        const weight = numberAt(step, ['setWeight']);
        // A first weight of 0 passes: it makes a canary that gets no users yet.
        if (weight !== undefined && weight < before) {
          yield {
            manifest,
            path: [...STEPS, index, 'setWeight'],
            message: `setWeight ${weight} must be greater than or equal to the ${before} before it`,
          };
        }
        before = weight ?? before;
      }
    }
  },
};
