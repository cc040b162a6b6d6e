import { at, isMap, type Json, type JsonMap, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { isDnsLabel, isLabelName, portNameProblem } from '../workload/names.ts';
import { environmentProblems } from './environment.ts';
import { hookProblems, probeProblems } from './probe.ts';
import { createIsRepeated, inRange, itemsAt, must, type SpecProblems } from './problem.ts';
import { compareQuantities } from './quantity.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** What Kubernetes' `validateContainers` refuses in one container; `volumes` has the names of the pod's volumes. */
export function* containerProblems(
  path: Path,
  container: JsonMap,
  volumes: ReadonlySet<string | undefined>,
): SpecProblems {
  const name = textAt(container, ['name']) ?? '';
  // A missing name is reported by schema/type.
  const isNameFine = container.name === undefined || isDnsLabel(name);
  const message = `name must be lower case letters, digits and hyphens, at most 63, got '${name}'`;
  yield* must(isNameFine, [...path, 'name'], message);
  yield* must((textAt(container, ['image']) ?? '') !== '', [...path, 'image'], 'image must be set');
  yield* portProblems([...path, 'ports'], container.ports);
  yield* environmentProblems(path, container);
  yield* mountProblems([...path, 'volumeMounts'], container.volumeMounts, volumes);
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
  const rule = 'restartPolicy of a container must not be set but to Always for an init container';
  yield* must(restart === undefined || (isInit && restart === 'Always'), [...path, 'restartPolicy'], rule, 'key');
  for (const field of isInit && restart !== 'Always' ? [...PROBES, 'lifecycle'] : []) {
    const ends = `${field} must not be set for an init container that ends`;
    yield* must(!isMap(container[field]), [...path, field], ends, 'key');
  }
}

function* mountProblems(path: Path, list: Json | undefined, volumes: ReadonlySet<string | undefined>): SpecProblems {
  const isRepeated = createIsRepeated();
  for (const [here, mount] of itemsAt(path, list)) {
    const volume = textAt(mount, ['name']) ?? '';
    const mountPath = textAt(mount, ['mountPath']) ?? '';
    yield* must(volumes.has(volume), [...here, 'name'], `name '${volume}' must be one of the pod's volumes`);
    const rule = mountPath === '' ? 'mountPath must be set' : `mountPath '${mountPath}' must be unique`;
    yield* must(!isRepeated(mountPath) && mountPath !== '', [...here, 'mountPath'], rule);
  }
}

/** User and group ids outside 0 to 2147483647 in the `securityContext` of a pod or a container. */
export function* userProblems(path: Path, context: JsonMap): SpecProblems {
  for (const field of ['runAsUser', 'runAsGroup', 'fsGroup']) {
    yield* inRange([...path, field], numberAt(context, [field]), 0, 2 ** 31 - 1);
  }
}

const isContainerResource = (name: string) =>
  /^(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(name) || (name.includes('/') && isLabelName(name));

function* resourceProblems(path: Path, resources: JsonMap): SpecProblems {
  const entries = ['limits', 'requests'].flatMap((list) =>
    Object.entries(mapAt(resources, [list])).map(([name, value]) => ({ path: [...path, list, name], name, value })),
  );
  for (const { path: here, name, value } of entries) {
    // A value that is not a quantity is reported by schema/type.
    const rule = `${name} must be a quantity greater than or equal to 0, got ${String(value)}`;
    yield* must(!(compareQuantities(value, 0) < 0), here, rule);
  }
  for (const { path: here, name } of entries) {
    const rule = `${name} must be cpu, memory, ephemeral-storage, hugepages-… or a name with a domain`;
    yield* must(isContainerResource(name), here, rule, 'key');
  }
  for (const [name, value] of Object.entries(mapAt(resources, ['requests']))) {
    const limit = at(resources, ['limits', name]) ?? null;
    const rule = `less than or equal to its limit of ${String(limit)}, got ${String(value)}`;
    const isFine = limit === null || !(compareQuantities(value, limit) > 0);
    yield* must(isFine, [...path, 'requests'], `requests of ${name} must be ${rule}`, 'key');
  }
}

function* portProblems(path: Path, list: Json | undefined): SpecProblems {
  const isRepeated = createIsRepeated();
  for (const [here, port] of itemsAt(path, list)) {
    const name = textAt(port, ['name']) ?? '';
    if (name !== '') {
      const reason = portNameProblem(name);
      const rule = reason === undefined ? `must be unique among the ports` : `of a port must ${reason}`;
      yield* must(!isRepeated(name) && reason === undefined, [...here, 'name'], `name '${name}' ${rule}`);
    }
    yield* inRange([...here, 'containerPort'], numberAt(port, ['containerPort']), 1, 65_535);
    // hostPort 0 is the same as none.
    yield* inRange([...here, 'hostPort'], numberAt(port, ['hostPort']) || undefined, 1, 65_535);
  }
}
