import { isOurApi } from '../../workload/app.ts';
import { containersOf } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';
import { readIn } from '../service-states.ts';

export const queryErrorsOverAll: Rule = {
  id: 'query/errors-over-all',
  severity: 'error',
  why: 'Until the first 5xx most services have no such series: the query is empty, each read an Error, and a healthy release is aborted after 40 s.',
  fix: 'Divide what did not fail by all: `code!~"5.."` over everything; or add `or vector(0)` to the errors.',
  *check({ metrics }) {
    for (const metric of metrics) {
      const { manifest, use, query } = metric;
      const isKnownApp = use !== undefined && containersOf(use.rollout).some(({ container }) => isOurApi(container));
      const unfailing = { requestsPerSecond: 100 };
      if (
        query !== undefined &&
        !isKnownApp &&
        readIn(metric, unfailing)?.phase === 'Error' &&
        readIn(metric, { ...unfailing, isBornComplete: true })?.phase === 'Successful'
      ) {
        yield { manifest, path: query.path, message: 'query must not be empty while no request has failed' };
      }
    }
  },
};
