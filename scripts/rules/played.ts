import type { Manifest } from '../manifest/manifest.ts';
import type { Use } from './used-metric.ts';
import type { Workspace } from './workspace.ts';

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

/** By the Rollout's manifest. */
export type PlayedGates = ReadonlyMap<Manifest, Played>;

/** For each Rollout with an analysis and one of these verdicts: its first analysis, and the verdict. */
export function playedTo(
  { rollouts, uses, played }: Pick<Workspace, 'rollouts' | 'uses' | 'played'>,
  verdicts: readonly Played['verdict'][],
): readonly (Use & Played)[] {
  return rollouts.flatMap((rollout) => {
    const use = uses.find((one) => one.rollout === rollout);
    const known = played.get(rollout.manifest);
    return use !== undefined && known !== undefined && verdicts.includes(known.verdict) ? [{ ...use, ...known }] : [];
  });
}
