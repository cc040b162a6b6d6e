import { mapAt, textAt } from '../../manifest/json.ts';
import { prometheusProblem } from '../../validation/prometheus.ts';
import { UNKNOWN } from '../../workload/analysis-arguments.ts';
import type { Rule } from '../rule.ts';

export const analysisPrometheusAddress: Rule = {
  id: 'analysis/prometheus-address',
  severity: 'warning',
  why: 'Without it every read is an Error, unless the controller has ARGO_ROLLOUTS_PROMETHEUS_ADDRESS, and five in a row abort every release.',
  fix: 'Write it: `address: http://prometheus-operated.monitoring:9090`.',
  *check({ metrics }) {
    for (const { manifest, path, metric, query } of metrics) {
      const prometheus = [...path, 'provider', 'prometheus'];
      const address = textAt(metric, ['provider', 'prometheus', 'address']) ?? '';
      if (query === undefined || Object.keys(mapAt(metric, ['provider', 'prometheus'])).length === 0) {
        continue;
      }
      if (address === '') {
        yield { manifest, path: [...prometheus, 'address'], message: 'address must name the Prometheus to ask' };
      }
      const problem = prometheusProblem(metric, 'http://elsewhere');
      if (problem !== undefined && !address.includes(UNKNOWN)) {
        const why = 'The provider is not built: every read is an Error, and five in a row abort every release.';
        const [field, rule] = problem.includes('address')
          ? ['address', `be a URL with scheme and host, got '${address}'`]
          : ['timeout', `be seconds greater than 0: ${problem}`];
        yield { manifest, path: [...prometheus, field], message: `${field} must ${rule}`, why, severity: 'error' };
      }
    }
  },
};
