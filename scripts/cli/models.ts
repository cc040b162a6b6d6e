import { folderOf, type Manifest } from '../manifest/manifest.ts';
import { orRehearsalError, RehearsalError } from '../rehearsal/errors.ts';
import { USUAL } from '../rehearsal/model/assumptions.ts';
import { createModel, type Model } from '../rehearsal/model/model.ts';
import { NO_FACTS, readWorkload, rolloutsIn } from '../rehearsal/workload.ts';
import type { Played } from '../rules/workspace.ts';
import { judgeGate } from '../summary/sentence.ts';
import type { Given } from './manifest-gaps.ts';

const NOTHING: Given = { facts: NO_FACTS, assumptions: USUAL };

/** The model of one Rollout among manifests. `folder` names the namespace where they do not. Throws RehearsalError. */
function modelOf(rollout: Manifest, manifests: readonly Manifest[], { facts, assumptions }: Given, folder?: string) {
  return createModel(readWorkload(folder ?? folderOf(rollout), manifests, facts, rollout), assumptions);
}

/** What `make` returns for the model of each Rollout, in their order, and an error for each that cannot be played. */
export function ofEachModel<T>(
  manifests: readonly Manifest[],
  given: Given,
  make: (model: Model) => T,
  folder?: string,
): { readonly made: readonly T[]; readonly errors: readonly string[] } {
  const results = rolloutsIn(manifests).map((rollout) =>
    orRehearsalError(() => make(modelOf(rollout, manifests, given, folder))),
  );
  return {
    made: results.flatMap((one) => (one instanceof RehearsalError ? [] : [one])),
    errors: results.flatMap((one) => (one instanceof RehearsalError ? [one.message] : [])),
  };
}

/** Plays a Rollout's gate in the model world; verdict `unknown`, with the reason, where it cannot be played. */
export function playRollout(rollout: Manifest, manifests: readonly Manifest[], given = NOTHING): Played {
  const played = orRehearsalError(() => judgeGate(modelOf(rollout, manifests, given)));
  return played instanceof RehearsalError
    ? { verdict: 'unknown', sentence: `could not be played: ${played.message}` }
    : played;
}
