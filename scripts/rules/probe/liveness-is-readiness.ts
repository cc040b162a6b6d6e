import { at, textAt } from '../../manifest/json.ts';
import { containersIn } from '../pods.ts';
import type { Rule } from '../rule.ts';

export const probeLivenessIsReadiness: Rule = {
  id: 'probe/liveness-is-readiness',
  severity: 'warning',
  why: 'What takes a pod out of traffic now also restarts it: when readiness looks at the backend and that blinks, every pod restarts at once.',
  fix: 'Let liveness ask a path of its own that looks at nothing but the process, such as /livez.',
  *check(workspace) {
    for (const { manifest, path, container } of containersIn(workspace)) {
      const asked = (probe: string) => textAt(container, [probe, 'httpGet', 'path']);
      const port = (probe: string) => at(container, [probe, 'httpGet', 'port']);
      const readiness = asked('readinessProbe');
      if (
        readiness !== undefined &&
        readiness === asked('livenessProbe') &&
        port('readinessProbe') === port('livenessProbe')
      ) {
        yield {
          manifest,
          path: [...path, 'livenessProbe', 'httpGet', 'path'],
          message: `path '${readiness}' of the livenessProbe must not be the readinessProbe's`,
        };
      }
    }
  },
};
