import type { Rule } from '../rule.ts';

export const rolloutMinReadySeconds: Rule = {
  id: 'rollout/min-ready-seconds',
  severity: 'info',
  why: 'With 0, a pod that crashes after its first good probe completes a step in that moment, and a pause does not look at pods.',
  fix: 'Set `minReadySeconds`, such as 5.',
  *check({ rollouts }) {
    for (const { manifest, canary, minReadySeconds } of rollouts) {
      if (canary !== undefined && minReadySeconds === 0) {
        yield { manifest, path: ['spec', 'minReadySeconds'], message: 'minReadySeconds must be greater than 0' };
      }
    }
  },
};
