import { listAt, textAt } from '../../manifest/json.ts';
import { containersOf, envValue } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const probeBackendId: Rule = {
  id: 'probe/backend-id',
  severity: 'warning',
  why: 'Reachable is not right: a repoint to a live but wrong or empty store passes a check that does not ask who is there.',
  fix: 'Set BACKEND_ID to the id that the store gives itself.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      for (const { manifest, path, container } of containersOf(rollout)) {
        const backend = envValue(container, 'BACKEND_URL');
        const hasId = listAt(container, ['env']).some((variable) => textAt(variable, ['name']) === 'BACKEND_ID');
        if (backend !== undefined && !backend.startsWith('memory:') && !hasId) {
          yield {
            manifest,
            path: [...path, 'env'],
            message: 'env must set BACKEND_ID where BACKEND_URL names a backend',
          };
        }
      }
    }
  },
};
