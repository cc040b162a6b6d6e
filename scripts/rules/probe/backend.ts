import { isMap, listAt, numberAt, textAt } from '../../manifest/json.ts';
import { envValue } from '../../workload/rollout.ts';
import { each, type Rule } from '../rule.ts';
import { rolloutContainers } from '../subjects.ts';
import type { Workspace } from '../workspace.ts';

/** Containers whose BACKEND_URL names a backend that pods share. */
function* sharing(workspace: Workspace) {
  for (const one of rolloutContainers(workspace)) {
    if (!(envValue(one.container, 'BACKEND_URL') ?? 'memory:').startsWith('memory:')) {
      yield one;
    }
  }
}

export const backendId: Rule = {
  id: 'probe/backend-id',
  severity: 'warning',
  why: 'Reachable is not right: a repoint to a live but wrong or empty store passes a check that does not ask who is there.',
  fix: 'Set BACKEND_ID to the id that the store gives itself.',
  check: each(sharing, function* ({ container }) {
    if (!listAt(container, ['env']).some((variable) => textAt(variable, ['name']) === 'BACKEND_ID')) {
      yield { path: ['env'], message: 'env must set BACKEND_ID where BACKEND_URL names a backend' };
    }
  }),
};

export const strictReadiness: Rule = {
  id: 'probe/strict-readiness',
  severity: 'warning',
  why: 'Unset, READINESS is strict: when the backend that all pods share blinks, they all leave the Service at once, and a partial failure becomes a total one.',
  fix: 'Set READINESS to `latched`; or to `strict`, where that is what you want.',
  check: each(sharing, function* ({ container }) {
    if (envValue(container, 'READINESS') === undefined) {
      yield { path: ['env'], message: 'env must set READINESS where BACKEND_URL names a backend that pods share' };
    }
  }),
};

/** The API's default for BACKEND_TIMEOUT_SECONDS. */
const DEFAULT_BACKEND_SECONDS = 0.5;

export const backendTimeout: Rule = {
  id: 'probe/backend-timeout',
  severity: 'warning',
  why: 'The probe gives up before the check does: a slow backend makes readiness flap, and nobody hears the reason.',
  fix: 'Set `timeoutSeconds` of the probe above BACKEND_TIMEOUT_SECONDS.',
  check: each(rolloutContainers, function* ({ container }) {
    const backendSeconds = Number(envValue(container, 'BACKEND_TIMEOUT_SECONDS') ?? DEFAULT_BACKEND_SECONDS);
    const probeSeconds = numberAt(container, ['readinessProbe', 'timeoutSeconds']) ?? 1;
    const hasBoth = envValue(container, 'BACKEND_URL') !== undefined && isMap(container.readinessProbe);
    if (hasBoth && probeSeconds <= backendSeconds) {
      const message = `timeoutSeconds must be greater than the ${backendSeconds} s of BACKEND_TIMEOUT_SECONDS, got ${probeSeconds}`;
      yield { path: ['readinessProbe', 'timeoutSeconds'], message };
    }
  }),
};
