import { effectiveWeight } from '../../argo/pods.ts';
import { numberAt } from '../../manifest/json.ts';
import { podsAtSteps, STEPS } from '../../workload/rollout.ts';
import { each, type Rule } from '../rule.ts';
import { rollouts } from '../subjects.ts';

export const noPods: Rule = {
  id: 'canary/no-pods',
  severity: 'warning',
  why: 'No split of the pods fits, so the controller scales the canary to none, and the step completes: the rest of the rollout watches the old version.',
  fix: 'Set `maxSurge` to 1 or more, or choose another weight.',
  check: each(rollouts, function* (rollout) {
    const { replicas, maxSurge } = rollout;
    for (const { index, weight, pods } of podsAtSteps(rollout)) {
      if (weight > 0 && pods.canary === 0 && replicas > 0) {
        const message = `setWeight ${weight} must come to at least one pod: with ${replicas} replicas and maxSurge ${maxSurge} it is none`;
        yield { path: [...STEPS, index, 'setWeight'], message };
      }
    }
  }),
};

/** Largest difference from the written weight that is not reported, in percentage points. */
const TOLERANCE = 5;

export const effectiveWeights: Rule = {
  id: 'canary/effective-weight',
  severity: 'warning',
  why: 'Without a traffic router a weight is a share of pods: few pods make few weights, and more users meet the canary than the number says.',
  fix: 'Write a weight that whole pods make, or raise `replicas`; only a traffic router splits requests.',
  check: each(rollouts, function* (rollout) {
    for (const { index, weight, pods } of podsAtSteps(rollout)) {
      const effective = effectiveWeight(pods);
      if (pods.canary > 0 && Math.abs(effective - weight) > TOLERANCE) {
        const message = `setWeight ${weight} must be a share of whole pods: with ${rollout.replicas} replicas it is ${pods.canary} canary and ${pods.stable} stable, ${Math.round(effective)} %`;
        yield { path: [...STEPS, index, 'setWeight'], message };
      }
    }
  }),
};

export const weightAscending: Rule = {
  id: 'canary/weight-ascending',
  severity: 'warning',
  why: 'A step that lowers the weight sends users back to stable and reads as a rollback in the metrics.',
  fix: 'Order the `setWeight` steps from smallest to largest.',
  check: each(rollouts, function* ({ steps }) {
    let before = 0;
    for (const [index, step] of steps.entries()) {
      const weight = numberAt(step, ['setWeight']);
      // A first weight of 0 passes: it makes a canary that gets no users yet.
      if (weight !== undefined && weight < before) {
        const message = `setWeight ${weight} must be greater than or equal to the ${before} before it`;
        yield { path: [...STEPS, index, 'setWeight'], message };
      }
      before = weight ?? before;
    }
  }),
};
