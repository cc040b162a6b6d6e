import { isMap, type JsonMap, listAt, mapAt, type Path } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { containersOf } from '../workload/rollout.ts';
import { scrapesOf } from '../workload/scrape.ts';
import type { Workspace } from './workspace.ts';

// What checks look at, one after the other. Queries are in query-list.ts.

export const rollouts = (workspace: Workspace) => workspace.rollouts;

/** Every `analysis` block of every Rollout. */
export const analyses = (workspace: Workspace) => workspace.uses;

/** Each metric of each analysis template, once for every analysis that uses it. */
export const metrics = (workspace: Workspace) => workspace.metrics;

/** The success and failure conditions of each metric. */
export const conditions = (workspace: Workspace) =>
  workspace.metrics.flatMap((used) =>
    used.conditions.map((condition) => ({ ...condition, manifest: used.manifest, used })),
  );

/** Every object whose kind has a schema, with what the schema says of it. */
export const inspections = (workspace: Workspace) => workspace.inspections;

/** The containers of each Rollout's pod template, without init containers. */
export const rolloutContainers = (workspace: Workspace) =>
  workspace.rollouts.flatMap((rollout) => containersOf(rollout).map((container) => ({ ...container, rollout })));

/** The endpoints of monitors that scrape a Rollout's pods. */
export const scrapes = (workspace: Workspace) =>
  workspace.rollouts
    .flatMap((rollout) => scrapesOf(workspace, rollout))
    .map((scrape) => ({ ...scrape, manifest: scrape.monitor }));

/** Every object of these kinds. */
export const ofKind =
  (...kinds: readonly string[]) =>
  (workspace: Workspace) =>
    kinds.flatMap(workspace.ofKind).map((manifest) => ({ manifest }));

const POD_SPECS: Readonly<Record<string, Path>> = {
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
interface Pods {
  readonly manifest: Manifest;
  readonly path: Path;
  readonly spec: JsonMap;
  readonly labels: JsonMap;
}

/** Every pod spec with containers in the files, of any kind of object. */
export function* pods({ manifests }: Workspace): Generator<Pods> {
  for (const manifest of manifests) {
    const path = POD_SPECS[manifest.kind];
    const spec = path === undefined ? {} : mapAt(manifest.object, path);
    if (path !== undefined && listAt(spec, ['containers']).length > 0) {
      yield { manifest, path, spec, labels: mapAt(manifest.object, [...path.slice(0, -1), 'metadata', 'labels']) };
    }
  }
}

/** The containers of a pod spec, init containers first, with their paths in it. */
export function everyContainer(spec: JsonMap): readonly { readonly path: Path; readonly container: JsonMap }[] {
  return ['initContainers', 'containers'].flatMap((field) =>
    listAt(spec, [field]).flatMap((container, index) =>
      isMap(container) ? [{ path: [field, index], container }] : [],
    ),
  );
}

/** Every container of every pod spec in the files. */
export function* containers(workspace: Workspace) {
  for (const { manifest, path, spec } of pods(workspace)) {
    for (const { path: place, container } of everyContainer(spec)) {
      yield { manifest, path: [...path, ...place], container };
    }
  }
}
