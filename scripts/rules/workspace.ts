import type { Manifest } from '../manifest/manifest.ts';
import { createObjects, type Objects } from '../workload/objects.ts';
import { type Rollout, readRollout } from '../workload/rollout.ts';
import { type Gate, readGates } from './gate.ts';
import type { Live } from './live.ts';
import type { Schemas } from './schema-models.ts';

/** All that is checked together: rules that need more than one object look it up here. */
export interface Workspace extends Objects {
  readonly rollouts: readonly Rollout[];
  /** Each metric of each analysis template, once for every Rollout that uses it. */
  readonly gates: readonly Gate[];
  readonly schemas: Schemas;
  /** The address that this checkout was cloned from, where it has one. */
  readonly origin: string | undefined;
  /** A running instance to compare with, where one was named. */
  readonly live: Live | undefined;
}

export function createWorkspace(manifests: readonly Manifest[], schemas: Schemas, origin?: string): Workspace {
  const objects = createObjects(manifests);
  const rollouts = objects
    .ofKind('Rollout')
    .filter(({ apiVersion }) => apiVersion.startsWith('argoproj.io/'))
    .map((manifest) => readRollout(manifest, (kind, name) => objects.find(manifest, kind, name)));
  const partial = { ...objects, rollouts, schemas, origin, live: undefined };
  return { ...partial, gates: readGates(partial) };
}
