import { at, isMap, listAt, numberAt, textAt } from '../../manifest/json.ts';
import { containersOf } from '../../workload/rollout.ts';
import { PROBES } from '../live.ts';
import { each, type Rule } from '../rule.ts';
import { containers, rollouts } from '../subjects.ts';

export const port: Rule = {
  id: 'probe/port',
  severity: 'error',
  why: 'A probe of a port that nobody listens on always fails: the pod is never ready, or restarted for ever.',
  fix: 'Name one of the container’s `ports`.',
  check: each(containers, function* ({ container }) {
    const ports = listAt(container, ['ports']);
    for (const path of PROBES.flatMap((probe) => ['httpGet', 'tcpSocket', 'grpc'].map((action) => [probe, action]))) {
      const asked = at(container, [...path, 'port']);
      if (asked === undefined) {
        continue;
      }
      const isNumber = typeof asked === 'number' || /^\d+$/.test(String(asked));
      const isThere = ports.some((one) =>
        isNumber ? numberAt(one, ['containerPort']) === Number(asked) : textAt(one, ['name']) === asked,
      );
      // Ports need not be declared: an undeclared number is reported only if the container declares other ports.
      if (!isThere && (!isNumber || ports.length > 0)) {
        const which = isNumber ? asked : `'${asked}'`;
        const message = `port ${which} of the ${path[0]} must be one of the ports of container '${container.name}'`;
        yield { path: [...path, 'port'], message };
      }
    }
  }),
};

export const livenessIsReadiness: Rule = {
  id: 'probe/liveness-is-readiness',
  severity: 'warning',
  why: 'What takes a pod out of traffic now also restarts it: when readiness looks at the backend and that blinks, every pod restarts at once.',
  fix: 'Let liveness ask a path of its own that looks at nothing but the process, such as /livez.',
  check: each(containers, function* ({ container }) {
    const asked = (probe: string, field: string) => at(container, [probe, 'httpGet', field]);
    const isSame = ['path', 'port'].every((field) => asked('readinessProbe', field) === asked('livenessProbe', field));
    const path = asked('readinessProbe', 'path');
    if (isSame && typeof path === 'string') {
      const message = `path '${path}' of the livenessProbe must not be the readinessProbe's`;
      yield { path: ['livenessProbe', 'httpGet', 'path'], message };
    }
  }),
};

export const missing: Rule = {
  id: 'probe/missing',
  severity: 'info',
  why: 'Without a readiness probe a pod counts as ready when its process starts: a canary that serves nobody passes, and gets traffic.',
  fix: 'Add a `readinessProbe` that asks what users need, such as GET /readyz.',
  check: each(rollouts, function* (rollout) {
    const own = containersOf(rollout);
    const [first] = own;
    // A readiness probe of one container decides for the whole pod.
    if (first !== undefined && !own.some(({ container }) => isMap(container.readinessProbe))) {
      const { manifest, path, container } = first;
      const message = `readinessProbe must be set on container '${container.name}'`;
      yield { manifest, path: [...path, 'readinessProbe'], message };
    }
  }),
};
