import { isMap, type JsonMap, listAt, mapAt, type Path } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Container } from '../workload/rollout.ts';
import type { Workspace } from './workspace.ts';

const TEMPLATES: Readonly<Record<string, Path>> = {
  Rollout: ['spec', 'template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  Pod: ['spec'],
};

/** A pod spec, and the object that makes pods of it. */
export interface Pods {
  readonly manifest: Manifest;
  readonly path: Path;
  readonly spec: JsonMap;
}

/** Every pod spec with containers in the files, of any kind of object. */
export function* podsOf({ manifests }: Workspace): Generator<Pods> {
  for (const manifest of manifests) {
    const path = TEMPLATES[manifest.kind];
    const spec = path === undefined ? {} : mapAt(manifest.object, path);
    if (path !== undefined && listAt(spec, ['containers']).length > 0) {
      yield { manifest, path, spec };
    }
  }
}

/** The containers of a pod spec, init containers first. */
export function* everyContainer({ spec, path }: Pods): Generator<{ readonly path: Path; readonly container: JsonMap }> {
  for (const field of ['initContainers', 'containers']) {
    for (const [index, container] of listAt(spec, [field]).entries()) {
      if (isMap(container)) {
        yield { path: [...path, field, index], container };
      }
    }
  }
}

/** Every container of every pod spec in the files. */
export function* containersIn(workspace: Workspace): Generator<Container> {
  for (const pods of podsOf(workspace)) {
    for (const { path, container } of everyContainer(pods)) {
      yield { manifest: pods.manifest, path, container };
    }
  }
}
