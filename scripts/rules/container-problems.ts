import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isDnsLabel, portNameProblem } from './names.ts';
import { compareQuantities } from './quantity.ts';
import type { Problem } from './rule.ts';

const isPortNumber = (port: number) => port >= 1 && port <= 65_535;

/** What Kubernetes' `validateContainers` says of one container (see rollout-pod-template.ts); `volumes` are the names of the pod's. */
export function* containerProblems(
  manifest: Manifest,
  path: Path,
  container: JsonMap,
  volumes: ReadonlySet<string | undefined>,
): Generator<Problem> {
  const name = textAt(container, ['name']) ?? '';
  // A container without the field is the schema's to tell.
  if (container.name !== undefined && !isDnsLabel(name)) {
    yield {
      manifest,
      path: [...path, 'name'],
      message: `name must be lower case letters, digits and hyphens, at most 63, got '${name}'`,
    };
  }
  if ((textAt(container, ['image']) ?? '') === '') {
    yield { manifest, path: [...path, 'image'], message: 'image must be set' };
  }
  yield* ports(manifest, [...path, 'ports'], listAt(container, ['ports']));
  for (const [index, variable] of listAt(container, ['env']).entries()) {
    const variableName = textAt(variable, ['name']) ?? '';
    if (textAt(variable, ['name']) !== undefined && !/^[\x20-\x3c\x3e-\x7e]+$/.test(variableName)) {
      yield {
        manifest,
        path: [...path, 'env', index, 'name'],
        message: 'name of an environment variable must be set, without `=`',
      };
    }
    if ((textAt(variable, ['value']) ?? '') !== '' && isMap(at(variable, ['valueFrom']))) {
      yield {
        manifest,
        path: [...path, 'env', index, 'valueFrom'],
        pointAt: 'key',
        message: 'valueFrom must not be set beside `value`',
      };
    }
  }
  for (const probe of ['readinessProbe', 'livenessProbe', 'startupProbe']) {
    if (isMap(container[probe])) {
      yield* checkProbe(manifest, [...path, probe], container[probe], probe);
    }
  }
  const mounted = new Set<string>();
  for (const [index, mount] of listAt(container, ['volumeMounts']).entries()) {
    const volume = textAt(mount, ['name']) ?? '';
    const mountPath = textAt(mount, ['mountPath']) ?? '';
    if (!volumes.has(volume)) {
      yield {
        manifest,
        path: [...path, 'volumeMounts', index, 'name'],
        message: `name '${volume}' must be one of the pod's volumes`,
      };
    }
    if (mountPath === '' || mounted.has(mountPath)) {
      yield {
        manifest,
        path: [...path, 'volumeMounts', index, 'mountPath'],
        message: mountPath === '' ? 'mountPath must be set' : `mountPath '${mountPath}' must be unique`,
      };
    }
    mounted.add(mountPath);
  }
  yield* resourceProblems(manifest, [...path, 'resources'], mapAt(container, ['resources']));
}

function* resourceProblems(manifest: Manifest, path: Path, resources: JsonMap): Generator<Problem> {
  for (const list of ['limits', 'requests']) {
    for (const [resource, value] of Object.entries(mapAt(resources, [list]))) {
      // What is no quantity at all is the schema's to tell.
      if (compareQuantities(value, 0) < 0) {
        yield {
          manifest,
          path: [...path, list, resource],
          message: `${resource} must be a quantity greater than or equal to 0, got ${String(value)}`,
        };
      }
    }
  }
  for (const [resource, request] of Object.entries(mapAt(resources, ['requests']))) {
    const limit = at(resources, ['limits', resource]);
    if ((limit ?? null) !== null && compareQuantities(request, limit) > 0) {
      yield {
        manifest,
        path: [...path, 'requests'],
        pointAt: 'key',
        message: `requests of ${resource} must be less than or equal to its limit of ${String(limit)}, got ${String(request)}`,
      };
    }
  }
}

function* ports(manifest: Manifest, path: Path, list: readonly Json[]): Generator<Problem> {
  const seen = new Set<string>();
  for (const [index, port] of list.entries()) {
    const name = textAt(port, ['name']) ?? '';
    const problem = name === '' ? undefined : portNameProblem(name);
    if (problem !== undefined) {
      yield { manifest, path: [...path, index, 'name'], message: `name '${name}' of a port must ${problem}` };
    } else if (name !== '' && seen.has(name)) {
      yield { manifest, path: [...path, index, 'name'], message: `name '${name}' must be unique among the ports` };
    }
    seen.add(name);
    const number = numberAt(port, ['containerPort']);
    if (number !== undefined && !isPortNumber(number)) {
      yield {
        manifest,
        path: [...path, index, 'containerPort'],
        message: `containerPort must be between 1 and 65535, got ${number}`,
      };
    }
  }
}

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

function* checkProbe(manifest: Manifest, path: Path, probe: JsonMap, kind: string): Generator<Problem> {
  const handlers = HANDLERS.filter((handler) => isMap(probe[handler]));
  if (handlers.length === 0) {
    yield { manifest, path, pointAt: 'key', message: `${kind} must have one of ${HANDLERS.join(', ')}` };
  }
  for (const handler of handlers.slice(1)) {
    yield {
      manifest,
      path: [...path, handler],
      pointAt: 'key',
      message: `${handler} must not be set beside ${handlers[0]}`,
    };
  }
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    const value = numberAt(probe, [field]);
    if (value !== undefined && value < 0) {
      yield { manifest, path: [...path, field], message: `${field} must be greater than or equal to 0, got ${value}` };
    }
  }
  const successes = numberAt(probe, ['successThreshold']);
  if (kind !== 'readinessProbe' && successes !== undefined && successes > 1) {
    yield {
      manifest,
      path: [...path, 'successThreshold'],
      message: `successThreshold of a ${kind} must be 1, got ${successes}`,
    };
  }
}
