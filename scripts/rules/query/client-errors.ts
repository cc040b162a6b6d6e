import type { Rule } from '../rule.ts';
import { readIn } from '../service-states.ts';

export const queryClientErrors: Rule = {
  id: 'query/client-errors',
  severity: 'warning',
  why: 'A 4xx is the user’s mistake, or a crawler’s: one visitor who asks for pages that are not there fails the reads of a healthy release.',
  fix: 'Count what the service fails alone: `code!~"5.."` over everything.',
  *check({ metrics }) {
    for (const metric of metrics) {
      const well = { requestsPerSecond: 100, isBornComplete: true };
      const phase = readIn(metric, { ...well, clientErrors: 1 })?.phase;
      if (metric.query !== undefined && phase === 'Failed' && readIn(metric, well)?.phase === 'Successful') {
        yield { manifest: metric.manifest, path: metric.query.path, message: 'query must not count a 4xx as failed' };
      }
    }
  },
};
