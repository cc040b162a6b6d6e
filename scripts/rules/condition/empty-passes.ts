import { callsAll } from '../condition-calls.ts';
import { conditionsOf, isScalarQuery, outcomeOf } from '../conditions.ts';
import type { Rule } from '../rule.ts';
import { readIn } from '../service-states.ts';

export const conditionEmptyPasses: Rule = {
  id: 'condition/empty-passes',
  severity: 'warning',
  why: 'A gate that cannot see passes: without its series (a broken monitor, a renamed label, a release that only ever fails) every read is Successful.',
  fix: 'Leave the empty result an Error, and give the first scrapes time with `initialDelay`; let the service export its series at 0 from the start.',
  *check({ metrics }) {
    for (const metric of metrics) {
      const conditions = conditionsOf(metric);
      const [first] = conditions;
      if (first === undefined) {
        continue;
      }
      const all = conditions.find(({ expression }) => callsAll(expression));
      const read = readIn(metric, 'nothing');
      const phase = read?.phase ?? (isScalarQuery(metric) ? undefined : outcomeOf(conditions, [])?.phase);
      if (phase === 'Successful') {
        const reads = read?.values.join(', ') ?? '';
        const { field, path } = all ?? first;
        const result = reads === '' ? 'for an empty result' : `where there is no series: the query then reads ${reads}`;
        yield {
          manifest: metric.manifest,
          path,
          message: `${field} must not hold ${result}${all === undefined ? '' : ', of which all() is true'}`,
          ...(all === undefined ? {} : { fix: 'Ask for the list first: `len(result) > 0 && all(result, # >= 0.95)`.' }),
        };
      }
    }
  },
};
