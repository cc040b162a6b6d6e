import { folderOf, type Manifest } from '../manifest/manifest.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import { type Assumptions, USUAL } from '../rehearsal/model/assumptions.ts';
import { createModel } from '../rehearsal/model/model.ts';
import type { ClusterFacts } from '../rehearsal/read-run.ts';
import { NO_FACTS, readWorkload } from '../rehearsal/workload.ts';
import type { Played } from '../rules/played.ts';
import { playGate } from '../summary/play-gate.ts';
import { describeGate, verdictOf } from '../summary/sentence.ts';

/** Plays the gates of Rollouts among manifests, in the model world; what cannot be played says why. */
export function createGatePlayer(
  manifests: readonly Manifest[],
  facts: ClusterFacts = NO_FACTS,
  assumptions: Assumptions = USUAL,
): (rollout: Manifest) => Played {
  return (rollout) => {
    try {
      const model = createModel(readWorkload(folderOf(rollout), manifests, facts, rollout), assumptions);
      const { workload } = model;
      const gate = playGate(model);
      return { verdict: verdictOf(gate, workload), sentence: describeGate(gate, workload) };
    } catch (error) {
      if (!(error instanceof RehearsalError)) {
        throw error;
      }
      return { verdict: 'unknown', sentence: `could not be played: ${error.message}` };
    }
  };
}
