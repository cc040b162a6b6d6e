import { at, isMap, type Json, type JsonMap, listAt, mapAt, type Path, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { containerProblems, userProblems } from '../container-problems.ts';
import { isDnsLabel, isLabelName, isLabelValue, isSubdomain } from '../names.ts';
import type { Problem, Rule } from '../rule.ts';

/**
 * Mirrors the part of Kubernetes' `ValidatePodTemplateSpecForReplicaSet` (1.34, which the controller runs) that a hand-written
 * manifest runs into: names, ports, environment, probes, volumes, resources, restart policy.
 */
export const rolloutPodTemplate: Rule = {
  id: 'rollout/pod-template',
  severity: 'error',
  why: 'The controller marks the Rollout InvalidSpec and stops reconciling it: it neither releases nor scales.',
  fix: 'Write what the message says; the API server takes the object either way.',
  *check({ rollouts }) {
    for (const { manifest } of rollouts) {
      if (!isMap(at(manifest.object, ['spec', 'workloadRef']))) {
        yield* podTemplate(manifest, ['spec', 'template']);
      }
    }
  },
};

function* podTemplate(manifest: Manifest, path: Path): Generator<Problem> {
  const template = mapAt(manifest.object, path);
  for (const [key, value] of Object.entries(mapAt(template, ['metadata', 'labels']))) {
    if (!isLabelName(key) || !isLabelValue(value)) {
      yield {
        manifest,
        path: [...path, 'metadata', 'labels', key],
        message: `labels must be label names and values, got '${key}: ${String(value)}'`,
      };
    }
  }
  for (const key of Object.keys(mapAt(template, ['metadata', 'annotations']))) {
    if (!isLabelName(key.toLowerCase())) {
      yield {
        manifest,
        path: [...path, 'metadata', 'annotations', key],
        pointAt: 'key',
        message: `annotations must have qualified names, got '${key}'`,
      };
    }
  }
  const spec = mapAt(template, ['spec']);
  const here = [...path, 'spec'];
  // A spec without the list is the schema's to tell.
  if (listAt(spec, ['containers']).length === 0 && (spec.containers !== undefined || !isMap(template.spec))) {
    yield { manifest, path: [...here, 'containers'], message: 'containers must have at least one container' };
  }
  const restart = spec.restartPolicy;
  if (restart !== undefined && restart !== null && restart !== '' && restart !== 'Always') {
    yield {
      manifest,
      path: [...here, 'restartPolicy'],
      message: `restartPolicy must be 'Always', got '${String(restart)}'`,
    };
  }
  if ((spec.activeDeadlineSeconds ?? null) !== null) {
    yield {
      manifest,
      path: [...here, 'activeDeadlineSeconds'],
      message: 'activeDeadlineSeconds must not be set: pods of a Rollout have no end',
    };
  }
  yield* podNames(manifest, here, spec);
  const volumes = listAt(spec, ['volumes']);
  yield* unique(manifest, [...here, 'volumes'], volumes, 'name', isDnsLabel);
  for (const [index, volume] of volumes.entries()) {
    for (const [kind, name] of [
      ['configMap', 'name'],
      ['secret', 'secretName'],
    ] as const) {
      const source = at(volume, [kind]);
      if (isMap(source) && (textAt(source, [name]) ?? '') === '') {
        yield { manifest, path: [...here, 'volumes', index, kind, name], message: `${name} of a volume must be set` };
      }
    }
  }
  const names = new Set(volumes.map((volume) => textAt(volume, ['name'])));
  // Regular containers first: of two with one name the init container is the second.
  const all = ['containers', 'initContainers'].flatMap((field) =>
    listAt(spec, [field]).map((container, index) => ({ field, container, index })),
  );
  const seen = new Set<string>();
  for (const { field, container, index } of all) {
    const at = [...here, field, index];
    yield* containerProblems(manifest, at, mapAt(container), names);
    const name = textAt(container, ['name']) ?? '';
    if (name !== '' && seen.has(name)) {
      yield { manifest, path: [...at, 'name'], message: `name '${name}' must be unique among the containers` };
    }
    seen.add(name);
  }
}

/** Names that the pod itself holds, and the ids it runs under. */
function* podNames(manifest: Manifest, path: Path, spec: JsonMap): Generator<Problem> {
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
      yield { manifest, path: [...path, field], message: `${field} must be a lower case DNS name, got '${name}'` };
    }
  }
  for (const [key, value] of Object.entries(mapAt(spec, ['nodeSelector']))) {
    if (!isLabelName(key) || !isLabelValue(value)) {
      const message = `nodeSelector must be label names and values, got '${key}: ${String(value)}'`;
      yield { manifest, path: [...path, 'nodeSelector'], message };
    }
  }
  yield* userProblems(manifest, [...path, 'securityContext'], mapAt(spec, ['securityContext']));
}

function* unique(
  manifest: Manifest,
  path: Path,
  list: readonly Json[],
  field: string,
  isFine: (text: string) => boolean,
): Generator<Problem> {
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const value = textAt(item, [field]) ?? '';
    if (!isFine(value) || seen.has(value)) {
      const rule = seen.has(value) ? 'be unique' : 'be lower case letters, digits and hyphens';
      yield { manifest, path: [...path, index, field], message: `${field} '${value}' must ${rule}` };
    }
    seen.add(value);
  }
}
