import { containersOf, envValue } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const probeStrictReadiness: Rule = {
  id: 'probe/strict-readiness',
  severity: 'warning',
  why: 'Unset, READINESS is strict: when the backend that all pods share blinks, they all leave the Service at once, and a partial failure becomes a total one.',
  fix: 'Set READINESS to `latched`; or to `strict`, where that is what you want.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      for (const { manifest, path, container } of containersOf(rollout)) {
        const backend = envValue(container, 'BACKEND_URL');
        if (backend !== undefined && !backend.startsWith('memory:') && envValue(container, 'READINESS') === undefined) {
          yield {
            manifest,
            path: [...path, 'env'],
            message: 'env must set READINESS where BACKEND_URL names a backend that pods share',
          };
        }
      }
    }
  },
};
