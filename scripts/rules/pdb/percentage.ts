import { at } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';

export const pdbPercentage: Rule = {
  id: 'pdb/percentage',
  severity: 'warning',
  why: 'A percentage needs the owner’s scale; whether that is found for the pods of a Rollout is disputed, and where it is not, no pod may ever be evicted.',
  fix: 'Write a number of pods.',
  *check({ ofKind }) {
    for (const budget of ofKind('PodDisruptionBudget')) {
      for (const field of ['minAvailable', 'maxUnavailable']) {
        const value = at(budget.object, ['spec', field]);
        if (typeof value === 'string' && value.endsWith('%')) {
          yield {
            manifest: budget,
            path: ['spec', field],
            message: `${field} must be a number of pods, got '${value}'`,
          };
        }
      }
    }
  },
};
