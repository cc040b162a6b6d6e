import { folderOf, type Manifest } from '../manifest/manifest.ts';
import { orRehearsalError, RehearsalError } from '../rehearsal/errors.ts';
import { type Assumptions, USUAL } from '../rehearsal/model/assumptions.ts';
import { createModel } from '../rehearsal/model/model.ts';
import type { ClusterFacts } from '../rehearsal/read-run.ts';
import { NO_FACTS, readWorkload } from '../rehearsal/workload.ts';
import type { Played } from '../rules/workspace.ts';
import { playGate } from '../summary/play-gate.ts';
import { describeGate, verdictOf } from '../summary/sentence.ts';

/** Returns a function that plays a Rollout's gate in the model world; verdict `unknown`, with the reason, where it cannot. */
export function createGatePlayer(
  manifests: readonly Manifest[],
  facts: ClusterFacts = NO_FACTS,
  assumptions: Assumptions = USUAL,
): (rollout: Manifest) => Played {
  return (rollout) => {
    const played = orRehearsalError((): Played => {
      const model = createModel(readWorkload(folderOf(rollout), manifests, facts, rollout), assumptions);
      const gate = playGate(model);
      return { verdict: verdictOf(gate, model.workload), sentence: describeGate(gate, model.workload) };
    });
    return played instanceof RehearsalError
      ? { verdict: 'unknown', sentence: `could not be played: ${played.message}` }
      : played;
  };
}
