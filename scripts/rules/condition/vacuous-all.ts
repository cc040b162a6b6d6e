import { callsAll } from '../condition-calls.ts';
import { conditionsOf, isScalarQuery, outcomeOf } from '../conditions.ts';
import type { Rule } from '../rule.ts';

export const conditionVacuousAll: Rule = {
  id: 'condition/vacuous-all',
  severity: 'warning',
  why: 'Of an empty list everything is true: without its series every read is Successful, and the gate passes whatever it cannot see.',
  fix: 'Ask for the list first: `len(result) > 0 && all(result, # >= 0.95)`.',
  *check({ metrics }) {
    for (const used of metrics) {
      const conditions = conditionsOf(used);
      const culprit = conditions.find(({ expression }) => callsAll(expression));
      if (culprit !== undefined && !isScalarQuery(used) && outcomeOf(conditions, [])?.phase === 'Successful') {
        yield {
          manifest: used.manifest,
          path: culprit.path,
          message: `${culprit.field} must not hold for an empty result, of which all() is true`,
        };
      }
    }
  },
};
