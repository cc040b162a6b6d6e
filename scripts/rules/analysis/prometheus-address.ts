import { mapAt, textAt } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';

export const analysisPrometheusAddress: Rule = {
  id: 'analysis/prometheus-address',
  severity: 'warning',
  why: 'Without it every read is an Error, unless the controller has ARGO_ROLLOUTS_PROMETHEUS_ADDRESS, and five in a row abort every release.',
  fix: 'Write it: `address: http://prometheus-operated.monitoring:9090`.',
  *check({ gates }) {
    for (const { manifest, path, metric, query } of gates) {
      const address: readonly string[] = ['provider', 'prometheus', 'address'];
      if (
        query !== undefined &&
        (textAt(metric, address) ?? '') === '' &&
        Object.keys(mapAt(metric, ['provider', 'prometheus'])).length > 0
      ) {
        yield { manifest, path: [...path, ...address], message: 'address must name the Prometheus to ask' };
      }
    }
  },
};
