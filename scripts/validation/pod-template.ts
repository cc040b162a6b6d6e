import { isMap, type Json, type JsonMap, listAt, mapAt, type Path, textAt } from '../manifest/json.ts';
import { isDnsLabel, isLabelName, isLabelValue, isSubdomain } from '../workload/names.ts';
import { containerProblems, userProblems } from './container.ts';
import { createIsRepeated, itemsAt, labelProblems, must, type SpecProblems } from './problem.ts';

const TEMPLATE: Path = ['spec', 'template'];
const POD: Path = [...TEMPLATE, 'spec'];

/**
 * Mirrors the part of Kubernetes' `ValidatePodTemplateSpecForReplicaSet` (1.34, which the controller runs) that a hand-written
 * manifest is likely to fail: names, ports, environment, probes, volumes, resources, restart policy.
 */
export function* podTemplateProblems(rollout: JsonMap): SpecProblems {
  if (isMap(mapAt(rollout, ['spec']).workloadRef)) {
    return;
  }
  const template = mapAt(rollout, TEMPLATE);
  for (const [key, value] of Object.entries(mapAt(template, ['metadata', 'labels']))) {
    const message = `labels must be label names and values, got '${key}: ${String(value)}'`;
    yield* must(isLabelName(key) && isLabelValue(value), [...TEMPLATE, 'metadata', 'labels', key], message);
  }
  for (const key of Object.keys(mapAt(template, ['metadata', 'annotations']))) {
    const message = `annotations must have qualified names, got '${key}'`;
    yield* must(isLabelName(key.toLowerCase()), [...TEMPLATE, 'metadata', 'annotations', key], message, 'key');
  }
  const spec = mapAt(template, ['spec']);
  yield* volumeProblems(spec.volumes);
  // A spec without the list is reported by schema/type.
  const isListed = spec.containers === undefined && isMap(template.spec);
  const hasContainers = isListed || listAt(spec, ['containers']).length > 0;
  yield* must(hasContainers, [...POD, 'containers'], 'containers must have at least one container');
  const volumes = new Set(listAt(spec, ['volumes']).map((volume) => textAt(volume, ['name'])));
  const isRepeated = createIsRepeated();
  // Regular containers come first: if an init container has the name of one, the init container is reported.
  for (const field of ['containers', 'initContainers']) {
    for (const [here, container] of itemsAt([...POD, field], spec[field])) {
      yield* containerProblems(here, mapAt(container), volumes);
      const name = textAt(container, ['name']) ?? '';
      const isUnique = name === '' || !isRepeated(name);
      yield* must(isUnique, [...here, 'name'], `name '${name}' must be unique among the containers`);
    }
  }
  yield* hostPortProblems(spec.containers);
  yield* podNames(spec);
  const restart = spec.restartPolicy ?? '';
  const message = `restartPolicy must be 'Always', got '${String(restart)}'`;
  yield* must(restart === '' || restart === 'Always', [...POD, 'restartPolicy'], message);
  const hasNoEnd = (spec.activeDeadlineSeconds ?? null) === null;
  const rule = 'activeDeadlineSeconds must not be set: pods of a Rollout have no end';
  yield* must(hasNoEnd, [...POD, 'activeDeadlineSeconds'], rule);
}

/** Two containers of a pod cannot use the same port of their node. */
function* hostPortProblems(containers: Json | undefined): SpecProblems {
  const isRepeated = createIsRepeated();
  for (const [path, container] of itemsAt([...POD, 'containers'], containers)) {
    for (const [here, port] of itemsAt([...path, 'ports'], mapAt(container).ports)) {
      const { hostPort = 0, protocol = 'TCP', hostIP = '' } = mapAt(port);
      const isUnique = !isRepeated(`${String(protocol)}/${String(hostIP)}/${String(hostPort)}`) || hostPort === 0;
      const message = `hostPort ${String(hostPort)} must be unique among the containers`;
      yield* must(isUnique, [...here, 'hostPort'], message);
    }
  }
}

const NAMES = {
  serviceAccountName: isSubdomain,
  nodeName: isSubdomain,
  priorityClassName: isSubdomain,
  runtimeClassName: isSubdomain,
  hostname: isDnsLabel,
  subdomain: isDnsLabel,
} as const;

/** What Kubernetes refuses in the names and ids of the pod spec itself. */
function* podNames(spec: JsonMap): SpecProblems {
  yield* labelProblems([...POD, 'nodeSelector'], spec.nodeSelector);
  for (const [field, isFine] of Object.entries(NAMES)) {
    const name = textAt(spec, [field]) ?? '';
    yield* must(name === '' || isFine(name), [...POD, field], `${field} must be a lower case DNS name, got '${name}'`);
  }
  yield* userProblems([...POD, 'securityContext'], mapAt(spec, ['securityContext']));
}

function* volumeProblems(volumes: Json | undefined): SpecProblems {
  const isRepeated = createIsRepeated();
  for (const [here, volume] of itemsAt([...POD, 'volumes'], volumes)) {
    const name = textAt(volume, ['name']) ?? '';
    const isKnown = isRepeated(name);
    const rule = isKnown ? 'be unique' : 'be lower case letters, digits and hyphens';
    yield* must(!isKnown && isDnsLabel(name), [...here, 'name'], `name '${name}' must ${rule}`);
    for (const [kind, field] of Object.entries({ configMap: 'name', secret: 'secretName' })) {
      const source = mapAt(volume)[kind];
      const isNamed = !isMap(source) || (textAt(source, [field]) ?? '') !== '';
      yield* must(isNamed, [...here, kind, field], `${field} of a volume must be set`);
    }
  }
}
