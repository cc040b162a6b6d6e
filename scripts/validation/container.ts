import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { isDnsLabel, isLabelName, isPortNumber, portNameProblem } from '../workload/names.ts';
import { environmentProblems } from './environment.ts';
import { hookProblems, probeProblems } from './probe.ts';
import { problem, type SpecProblems } from './problem.ts';
import { compareQuantities } from './quantity.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** What Kubernetes' `validateContainers` refuses in one container; `volumes` are the names of the pod's. */
export function* containerProblems(
  path: Path,
  container: JsonMap,
  volumes: ReadonlySet<string | undefined>,
): SpecProblems {
  const name = textAt(container, ['name']) ?? '';
  // A missing name is reported by schema/type.
  if (container.name !== undefined && !isDnsLabel(name)) {
    const message = `name must be lower case letters, digits and hyphens, at most 63, got '${name}'`;
    yield problem([...path, 'name'], message);
  }
  if ((textAt(container, ['image']) ?? '') === '') {
    yield problem([...path, 'image'], 'image must be set');
  }
  yield* portProblems([...path, 'ports'], listAt(container, ['ports']));
  yield* environmentProblems(path, container);
  yield* mountProblems([...path, 'volumeMounts'], listAt(container, ['volumeMounts']), volumes);
  yield* resourceProblems([...path, 'resources'], mapAt(container, ['resources']));
  yield* userProblems([...path, 'securityContext'], mapAt(container, ['securityContext']));
  yield* hookProblems([...path, 'lifecycle'], mapAt(container, ['lifecycle']));
  for (const probe of PROBES) {
    if (isMap(container[probe])) {
      yield* probeProblems([...path, probe], container[probe], probe);
    }
  }
  const restart = textAt(container, ['restartPolicy']);
  const isInit = path.at(-2) === 'initContainers';
  if (restart !== undefined && (!isInit || restart !== 'Always')) {
    const message = 'restartPolicy of a container must not be set but to Always for an init container';
    yield problem([...path, 'restartPolicy'], message, 'key');
  }
  for (const field of isInit && restart !== 'Always' ? [...PROBES, 'lifecycle'] : []) {
    if (isMap(container[field])) {
      yield problem([...path, field], `${field} must not be set for an init container that ends`, 'key');
    }
  }
}

function* mountProblems(path: Path, mounts: readonly Json[], volumes: ReadonlySet<string | undefined>): SpecProblems {
  const mounted = new Set<string>();
  for (const [index, mount] of mounts.entries()) {
    const volume = textAt(mount, ['name']) ?? '';
    const mountPath = textAt(mount, ['mountPath']) ?? '';
    if (!volumes.has(volume)) {
      yield problem([...path, index, 'name'], `name '${volume}' must be one of the pod's volumes`);
    }
    if (mountPath === '' || mounted.has(mountPath)) {
      const message = mountPath === '' ? 'mountPath must be set' : `mountPath '${mountPath}' must be unique`;
      yield problem([...path, index, 'mountPath'], message);
    }
    mounted.add(mountPath);
  }
}

/** Ids that a pod or a container runs under, between 0 and the largest that Kubernetes takes. */
export function* userProblems(path: Path, context: JsonMap): SpecProblems {
  for (const field of ['runAsUser', 'runAsGroup', 'fsGroup']) {
    const id = numberAt(context, [field]);
    if (id !== undefined && (id < 0 || id > 2_147_483_647)) {
      yield problem([...path, field], `${field} must be between 0 and 2147483647, got ${id}`);
    }
  }
}

const isContainerResource = (name: string) =>
  /^(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(name) || (name.includes('/') && isLabelName(name));

function* resourceProblems(path: Path, resources: JsonMap): SpecProblems {
  const lists = ['limits', 'requests'].map((list) => ({ list, entries: Object.entries(mapAt(resources, [list])) }));
  for (const { list, entries } of lists) {
    for (const [resource, value] of entries) {
      // What is not a quantity is reported by schema/type.
      if (compareQuantities(value, 0) < 0) {
        const message = `${resource} must be a quantity greater than or equal to 0, got ${String(value)}`;
        yield problem([...path, list, resource], message);
      }
    }
  }
  for (const { list, entries } of lists) {
    for (const [resource] of entries.filter(([name]) => !isContainerResource(name))) {
      const message = `${resource} must be cpu, memory, ephemeral-storage, hugepages-… or a name with a domain`;
      yield problem([...path, list, resource], message, 'key');
    }
  }
  for (const [resource, request] of lists[1]?.entries ?? []) {
    const limit = at(resources, ['limits', resource]);
    if ((limit ?? null) !== null && compareQuantities(request, limit) > 0) {
      const rule = `less than or equal to its limit of ${String(limit)}, got ${String(request)}`;
      yield problem([...path, 'requests'], `requests of ${resource} must be ${rule}`, 'key');
    }
  }
}

function* portProblems(path: Path, list: readonly Json[]): SpecProblems {
  const seen = new Set<string>();
  for (const [index, port] of list.entries()) {
    const name = textAt(port, ['name']) ?? '';
    const reason = name === '' ? undefined : portNameProblem(name);
    if (reason !== undefined) {
      yield problem([...path, index, 'name'], `name '${name}' of a port must ${reason}`);
    } else if (name !== '' && seen.has(name)) {
      yield problem([...path, index, 'name'], `name '${name}' must be unique among the ports`);
    }
    seen.add(name);
    for (const field of ['containerPort', 'hostPort']) {
      const number = numberAt(port, [field]);
      // hostPort 0 is the same as none.
      if (number !== undefined && !isPortNumber(number) && (field === 'containerPort' || number !== 0)) {
        yield problem([...path, index, field], `${field} must be between 1 and 65535, got ${number}`);
      }
    }
  }
}
