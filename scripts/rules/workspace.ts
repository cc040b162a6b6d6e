import type { Manifest } from '../manifest/manifest.ts';
import { createObjects, type Objects } from '../workload/objects.ts';
import { type Rollout, readRollout } from '../workload/rollout.ts';
import type { Live } from './live.ts';
import type { PlayedGates } from './played.ts';
import type { Schemas } from './schema-models.ts';
import { readUsedMetrics, readUses, type Use, type UsedMetric } from './used-metric.ts';

/** The manifests that are checked together, and what is known about them: the input of every rule. */
export interface Workspace extends Objects {
  readonly rollouts: readonly Rollout[];
  /** Every analysis of every Rollout. */
  readonly uses: readonly Use[];
  /** Each metric of each analysis template, once for every analysis that uses it. */
  readonly metrics: readonly UsedMetric[];
  readonly schemas: Schemas;
  /** The address that this checkout was cloned from, where it has one. */
  readonly origin: string | undefined;
  /** Whether each Rollout's gate works; empty if no release was played. */
  readonly played: PlayedGates;
  /** A running instance to compare with, where one was named. */
  readonly live: Live | undefined;
}

export function createWorkspace(manifests: readonly Manifest[], schemas: Schemas, origin?: string): Workspace {
  const objects = createObjects(manifests);
  const rollouts = objects
    .ofKind('Rollout')
    .filter(({ apiVersion }) => apiVersion.startsWith('argoproj.io/'))
    .map((manifest) => readRollout(manifest, (kind, name) => objects.find(manifest, kind, name)));
  const uses = readUses(objects, rollouts);
  // A template in a folder with Rollouts that none of them uses never runs, so mistakes in its metrics are not reported.
  const metrics = readUsedMetrics(objects, uses).filter(
    ({ use, manifest }) => use !== undefined || objects.peers(manifest, 'Rollout').length === 0,
  );
  return { ...objects, rollouts, uses, metrics, schemas, origin, live: undefined, played: new Map() };
}
