import { at, isMap, numberAt } from '../../manifest/json.ts';
import { containersOf, envValue } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

/** The API's default for BACKEND_TIMEOUT_SECONDS. */
const DEFAULT_BACKEND_SECONDS = 0.5;

export const probeBackendTimeout: Rule = {
  id: 'probe/backend-timeout',
  severity: 'warning',
  why: 'The probe gives up before the check does: a slow backend makes readiness flap, and nobody hears the reason.',
  fix: 'Set `timeoutSeconds` of the probe above BACKEND_TIMEOUT_SECONDS.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      for (const { manifest, path, container } of containersOf(rollout)) {
        const probe = at(container, ['readinessProbe']);
        if (envValue(container, 'BACKEND_URL') === undefined || !isMap(probe)) {
          continue;
        }
        const backendSeconds = Number(envValue(container, 'BACKEND_TIMEOUT_SECONDS') ?? DEFAULT_BACKEND_SECONDS);
        const probeSeconds = numberAt(probe, ['timeoutSeconds']) ?? 1;
        if (probeSeconds <= backendSeconds) {
          yield {
            manifest,
            path: [...path, 'readinessProbe', 'timeoutSeconds'],
            message: `timeoutSeconds must be greater than the ${backendSeconds} s of BACKEND_TIMEOUT_SECONDS, got ${probeSeconds}`,
          };
        }
      }
    }
  },
};
