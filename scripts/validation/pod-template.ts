import { isMap, type Json, type JsonMap, listAt, mapAt, type Path, textAt } from '../manifest/json.ts';
import { isDnsLabel, isLabelName, isLabelValue, isSubdomain } from '../workload/names.ts';
import { containerProblems, userProblems } from './container.ts';
import { problem, type SpecProblems } from './problem.ts';

const TEMPLATE: Path = ['spec', 'template'];
const POD: Path = [...TEMPLATE, 'spec'];

/**
 * Mirrors the part of Kubernetes' `ValidatePodTemplateSpecForReplicaSet` (1.34, which the controller runs) that a hand-written
 * manifest runs into: names, ports, environment, probes, volumes, resources, restart policy.
 */
export function* podTemplateProblems(rollout: JsonMap): SpecProblems {
  if (isMap(mapAt(rollout, ['spec']).workloadRef)) {
    return;
  }
  const template = mapAt(rollout, TEMPLATE);
  for (const [key, value] of Object.entries(mapAt(template, ['metadata', 'labels']))) {
    if (!isLabelName(key) || !isLabelValue(value)) {
      const message = `labels must be label names and values, got '${key}: ${String(value)}'`;
      yield problem([...TEMPLATE, 'metadata', 'labels', key], message);
    }
  }
  for (const key of Object.keys(mapAt(template, ['metadata', 'annotations']))) {
    if (!isLabelName(key.toLowerCase())) {
      const message = `annotations must have qualified names, got '${key}'`;
      yield problem([...TEMPLATE, 'metadata', 'annotations', key], message, 'key');
    }
  }
  const spec = mapAt(template, ['spec']);
  const volumes = listAt(spec, ['volumes']);
  yield* volumeProblems(volumes);
  // A spec without the list is reported by schema/type.
  if (listAt(spec, ['containers']).length === 0 && (spec.containers !== undefined || !isMap(template.spec))) {
    yield problem([...POD, 'containers'], 'containers must have at least one container');
  }
  const names = new Set(volumes.map((volume) => textAt(volume, ['name'])));
  const seen = new Set<string>();
  // Regular containers first: of two with one name the init container is the second.
  for (const field of ['containers', 'initContainers']) {
    for (const [index, container] of listAt(spec, [field]).entries()) {
      const here = [...POD, field, index];
      yield* containerProblems(here, mapAt(container), names);
      const name = textAt(container, ['name']) ?? '';
      if (name !== '' && seen.has(name)) {
        yield problem([...here, 'name'], `name '${name}' must be unique among the containers`);
      }
      seen.add(name);
    }
  }
  yield* hostPortProblems(listAt(spec, ['containers']));
  yield* podNames(spec);
  const restart = spec.restartPolicy ?? '';
  if (restart !== '' && restart !== 'Always') {
    yield problem([...POD, 'restartPolicy'], `restartPolicy must be 'Always', got '${String(restart)}'`);
  }
  if ((spec.activeDeadlineSeconds ?? null) !== null) {
    const message = 'activeDeadlineSeconds must not be set: pods of a Rollout have no end';
    yield problem([...POD, 'activeDeadlineSeconds'], message);
  }
}

/** Two containers of a pod cannot have one port of their node. */
function* hostPortProblems(containers: readonly Json[]): SpecProblems {
  const taken = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [place, port] of listAt(container, ['ports']).entries()) {
      const { hostPort = 0, protocol = 'TCP', hostIP = '' } = mapAt(port);
      const key = `${String(protocol)}/${String(hostIP)}/${String(hostPort)}`;
      if (hostPort !== 0 && taken.has(key)) {
        const here = [...POD, 'containers', index, 'ports', place, 'hostPort'];
        yield problem(here, `hostPort ${String(hostPort)} must be unique among the containers`);
      }
      taken.add(key);
    }
  }
}

/** Names that the pod itself holds, and the ids it runs under. */
function* podNames(spec: JsonMap): SpecProblems {
  for (const [key, value] of Object.entries(mapAt(spec, ['nodeSelector']))) {
    if (!isLabelName(key) || !isLabelValue(value)) {
      const message = `nodeSelector must be label names and values, got '${key}: ${String(value)}'`;
      yield problem([...POD, 'nodeSelector'], message);
    }
  }
  for (const [field, isFine] of [
    ['serviceAccountName', isSubdomain],
    ['nodeName', isSubdomain],
    ['priorityClassName', isSubdomain],
    ['runtimeClassName', isSubdomain],
    ['hostname', isDnsLabel],
    ['subdomain', isDnsLabel],
  ] as const) {
    const name = textAt(spec, [field]) ?? '';
    if (name !== '' && !isFine(name)) {
      yield problem([...POD, field], `${field} must be a lower case DNS name, got '${name}'`);
    }
  }
  yield* userProblems([...POD, 'securityContext'], mapAt(spec, ['securityContext']));
}

function* volumeProblems(volumes: readonly Json[]): SpecProblems {
  const seen = new Set<string>();
  for (const [index, volume] of volumes.entries()) {
    const name = textAt(volume, ['name']) ?? '';
    if (!isDnsLabel(name) || seen.has(name)) {
      const rule = seen.has(name) ? 'be unique' : 'be lower case letters, digits and hyphens';
      yield problem([...POD, 'volumes', index, 'name'], `name '${name}' must ${rule}`);
    }
    seen.add(name);
    for (const [kind, field] of [
      ['configMap', 'name'],
      ['secret', 'secretName'],
    ] as const) {
      const source = mapAt(volume)[kind];
      if (isMap(source) && (textAt(source, [field]) ?? '') === '') {
        yield problem([...POD, 'volumes', index, kind, field], `${field} of a volume must be set`);
      }
    }
  }
}
