import { callsAll } from '../condition-calls.ts';
import { conditionsOf, isScalarQuery, outcomeOf } from '../gate-conditions.ts';
import type { Rule } from '../rule.ts';

export const conditionVacuousAll: Rule = {
  id: 'condition/vacuous-all',
  severity: 'warning',
  why: 'Of an empty list everything is true: without its series every read is Successful, and the gate passes whatever it cannot see.',
  fix: 'Ask for the list first: `len(result) > 0 && all(result, # >= 0.95)`.',
  *check({ gates }) {
    for (const gate of gates) {
      const conditions = conditionsOf(gate);
      const culprit = conditions.find(({ expression }) => callsAll(expression));
      if (culprit !== undefined && !isScalarQuery(gate) && outcomeOf(conditions, [])?.phase === 'Successful') {
        yield {
          manifest: gate.manifest,
          path: culprit.path,
          message: `${culprit.field} must not hold for an empty result, of which all() is true`,
        };
      }
    }
  },
};
