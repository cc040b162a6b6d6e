import { at, isMap, listAt, numberAt, textAt } from '../../manifest/json.ts';
import { containersIn } from '../pods.ts';
import type { Rule } from '../rule.ts';

export const probePort: Rule = {
  id: 'probe/port',
  severity: 'error',
  why: 'A probe of a port that nobody listens on always fails: the pod is never ready, or restarted for ever.',
  fix: 'Name one of the container’s `ports`.',
  *check(workspace) {
    for (const { manifest, path, container } of containersIn(workspace)) {
      const ports = listAt(container, ['ports']);
      for (const probe of ['readinessProbe', 'livenessProbe', 'startupProbe']) {
        for (const handler of ['httpGet', 'tcpSocket', 'grpc']) {
          const port = at(container, [probe, handler, 'port']);
          if (!isMap(at(container, [probe, handler])) || port === undefined) {
            continue;
          }
          const isNumber = typeof port === 'number' || /^\d+$/.test(String(port));
          const isThere = ports.some((one) =>
            isNumber ? numberAt(one, ['containerPort']) === Number(port) : textAt(one, ['name']) === port,
          );
          // Ports need not be declared: an undeclared number is reported only if the container declares other ports.
          if (!isThere && (!isNumber || ports.length > 0)) {
            yield {
              manifest,
              path: [...path, probe, handler, 'port'],
              message: `port ${isNumber ? port : `'${port}'`} of the ${probe} must be one of the ports of container '${container.name}'`,
            };
          }
        }
      }
    }
  },
};
