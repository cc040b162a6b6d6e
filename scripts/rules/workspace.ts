import type { Manifest } from '../manifest/manifest.ts';
import { createObjects, type Objects } from '../workload/objects.ts';
import { type Rollout, readRollout } from '../workload/rollout.ts';
import type { Live } from './live.ts';
import type { Inspection } from './schema-inspection.ts';
import { readUsedMetrics, readUses, type Use, type UsedMetric } from './used-metric.ts';

/** The manifests that are checked together, and what is known about them: the input of every rule. */
export interface Workspace extends Objects {
  readonly rollouts: readonly Rollout[];
  /** Every analysis of every Rollout. */
  readonly uses: readonly Use[];
  /** Each metric of each analysis template, once for every analysis that uses it. */
  readonly metrics: readonly UsedMetric[];
  /** What the schemas say of each object; none for a kind that has no schema here. */
  readonly inspections: readonly Inspection[];
  /** The address that this checkout was cloned from, where it has one. */
  readonly origin: string | undefined;
  /** Whether a Rollout's gate works, by its manifest; empty if no release was played. */
  readonly played: ReadonlyMap<Manifest, Played>;
  /** A running instance to compare with, where one was named. */
  readonly live: Live | undefined;
}

/** Whether a Rollout's gate works, found out by playing releases: a healthy one, and ones that fail or are slow. */
export interface Played {
  /**
   * `works`; aborts `never`, `always`, or only a `slow` release; `invalid`: the controller refuses the Rollout; `stands`: a
   * healthy release never ends; `unmeasured`: metrics decide that cannot be measured here; `unknown`: it could not be played.
   */
  readonly verdict: 'works' | 'never' | 'slow' | 'always' | 'invalid' | 'stands' | 'unmeasured' | 'unknown';
  /** In one sentence whose subject is the Rollout, without a full stop: `works from 8 % of failures at 100 requests a second`. */
  readonly sentence: string;
}

export function createWorkspace(
  manifests: readonly Manifest[],
  inspections: readonly Inspection[],
  origin?: string,
): Workspace {
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
  return { ...objects, rollouts, uses, metrics, inspections, origin, live: undefined, played: new Map() };
}
