import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { environmentProblems } from './environment-problems.ts';
import { isDnsLabel, isLabelName, isPortNumber, portNameProblem } from './names.ts';
import { hookProblems, probeProblems } from './probe-problems.ts';
import { compareQuantities } from './quantity.ts';
import type { Problem } from './rule.ts';

const PROBES = ['readinessProbe', 'livenessProbe', 'startupProbe'];

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
  yield* environmentProblems(manifest, path, container);
  for (const probe of PROBES) {
    if (isMap(container[probe])) {
      yield* probeProblems(manifest, [...path, probe], container[probe], probe);
    }
  }
  yield* hookProblems(manifest, [...path, 'lifecycle'], mapAt(container, ['lifecycle']));
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
  yield* userProblems(manifest, [...path, 'securityContext'], mapAt(container, ['securityContext']));
  const restart = textAt(container, ['restartPolicy']);
  const isInit = path.at(-2) === 'initContainers';
  if (restart !== undefined && (!isInit || restart !== 'Always')) {
    yield {
      manifest,
      path: [...path, 'restartPolicy'],
      pointAt: 'key',
      message: 'restartPolicy of a container must not be set but to Always for an init container',
    };
  }
  for (const field of isInit && restart !== 'Always' ? [...PROBES, 'lifecycle'] : []) {
    if (isMap(container[field])) {
      const message = `${field} must not be set for an init container that ends`;
      yield { manifest, path: [...path, field], pointAt: 'key', message };
    }
  }
}

/** Ids that a pod or a container runs under, between 0 and the largest that Kubernetes takes. */
export function* userProblems(manifest: Manifest, path: Path, context: JsonMap): Generator<Problem> {
  for (const field of ['runAsUser', 'runAsGroup', 'fsGroup']) {
    const id = numberAt(context, [field]);
    if (id !== undefined && (id < 0 || id > 2_147_483_647)) {
      yield { manifest, path: [...path, field], message: `${field} must be between 0 and 2147483647, got ${id}` };
    }
  }
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
  for (const list of ['limits', 'requests']) {
    for (const resource of Object.keys(mapAt(resources, [list]))) {
      if (!isContainerResource(resource)) {
        yield {
          manifest,
          path: [...path, list, resource],
          pointAt: 'key',
          message: `${resource} must be cpu, memory, ephemeral-storage, hugepages-… or a name with a domain`,
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

const isContainerResource = (name: string) =>
  /^(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(name) || (name.includes('/') && isLabelName(name));

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
    const hostPort = numberAt(port, ['hostPort']) ?? 0;
    if (hostPort !== 0 && !isPortNumber(hostPort)) {
      yield {
        manifest,
        path: [...path, index, 'hostPort'],
        message: `hostPort must be between 1 and 65535, got ${hostPort}`,
      };
    }
  }
}
