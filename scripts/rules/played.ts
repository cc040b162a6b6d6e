import type { Manifest } from '../manifest/manifest.ts';
import type { Use } from './used-metric.ts';
import type { Workspace } from './workspace.ts';

/** What releases of a Rollout came to when they were played: healthy ones, and ones that fail every request. */
export interface Played {
  /**
   * It aborts `always`, `never`, or only what is `slow`; the controller refuses an `invalid` one; a healthy release `stands`;
   * `unmeasured` is decided by metrics that nothing here can measure;
   * `unknown` could not be played.
   */
  readonly verdict: 'works' | 'never' | 'slow' | 'always' | 'invalid' | 'stands' | 'unmeasured' | 'unknown';
  /** In one sentence whose subject is the Rollout, without a full stop: `works from 8 % of failures at 100 requests a second`. */
  readonly sentence: string;
}

/** By the Rollout. */
export type PlayedGates = ReadonlyMap<Manifest, Played>;

/** The first analysis of each Rollout that was played to one of these verdicts. */
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
