import { asksForNan } from '../condition-calls.ts';
import { conditionsOf, outcomeOf } from '../conditions.ts';
import type { Rule } from '../rule.ts';
import { readIn } from '../service-states.ts';

const FALLS = {
  Failed: 'Failed: a release of an idle service is aborted',
  Successful: 'Successful: a release of an idle service is promoted unmeasured',
  Inconclusive: 'Inconclusive: a release of an idle service stops until somebody comes',
} as const;

export const queryIdleNan: Rule = {
  id: 'query/idle-nan',
  severity: 'warning',
  why: 'Without requests the query is 0/0, which is NaN, and every comparison with NaN is false: at night, in staging and in a new namespace the gate decides by accident.',
  fix: 'Add the same small number to both sides, `(good + 0.5) / (all + 0.5)`: idle then reads 1, and one error alone fails no read.',
  *check({ metrics }) {
    for (const used of metrics) {
      const conditions = conditionsOf(used);
      const idle = readIn(used, { requestsPerSecond: 0, isBornComplete: true })?.values ?? [];
      if (!idle.some(Number.isNaN) || conditions.some(({ expression }) => asksForNan(expression))) {
        continue;
      }
      const phase = conditions.length === 0 ? undefined : outcomeOf(conditions, [Number.NaN])?.phase;
      if (phase !== undefined && phase !== 'Error' && used.query !== undefined) {
        yield {
          manifest: used.manifest,
          path: used.query.path,
          message: `query must not be NaN without requests, which reads ${FALLS[phase]}`,
        };
      }
    }
  },
};
