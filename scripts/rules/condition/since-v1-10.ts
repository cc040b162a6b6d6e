import { newSinceV110 } from '../../condition/since-v1-10.ts';
import { conditionsOf, isScalarQuery } from '../conditions.ts';
import type { Rule } from '../rule.ts';

export const conditionSinceV110: Rule = {
  id: 'condition/since-v1-10',
  severity: 'warning',
  why: 'Argo Rollouts v1.9 speaks an older language: where a read is an Error, the fifth aborts the release, however healthy.',
  fix: 'Update the controllers to v1.10 before this is applied, or write the condition in the words of v1.9.',
  *check({ metrics }) {
    for (const used of metrics) {
      for (const { field, path, text, expression } of conditionsOf(used)) {
        const found = expression && newSinceV110(text, isScalarQuery(used));
        if (found !== undefined) {
          yield { manifest: used.manifest, path, message: `${field} must not meet a controller of v1.9: ${found}` };
        }
      }
    }
  },
};
