import { textAt } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';

export const pdbUnhealthyPods: Rule = {
  id: 'pdb/unhealthy-pods',
  severity: 'info',
  why: 'By default a pod that is not ready may not be evicted while the budget is not met: a broken canary blocks the drain of its node.',
  fix: 'Set `unhealthyPodEvictionPolicy: AlwaysAllow`.',
  *check({ ofKind }) {
    for (const budget of ofKind('PodDisruptionBudget')) {
      if (textAt(budget.object, ['spec', 'unhealthyPodEvictionPolicy']) !== 'AlwaysAllow') {
        yield {
          manifest: budget,
          path: ['spec', 'unhealthyPodEvictionPolicy'],
          message: 'unhealthyPodEvictionPolicy must be AlwaysAllow',
        };
      }
    }
  },
};
