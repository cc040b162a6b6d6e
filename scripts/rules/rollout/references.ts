import { missingObjects, referenceProblems } from '../../validation/references.ts';
import type { Rule } from '../rule.ts';
import { INVALID_SPEC, reportProblems } from '../validation.ts';

export const rolloutReferences: Rule = {
  id: 'rollout/references',
  severity: 'error',
  why: INVALID_SPEC,
  fix: 'Add the object, or correct the name; give verify the folder that holds it.',
  *check(workspace) {
    for (const rollout of workspace.rollouts) {
      // A folder without any Service usually has them elsewhere. A missing template stays an error: no release can be played.
      const hasServices = workspace.peers(rollout.manifest, 'Service').length > 0;
      for (const problem of reportProblems(rollout.manifest, missingObjects(workspace, rollout))) {
        const isElsewhere = !hasServices && problem.path.at(-1) !== 'templateName';
        yield isElsewhere ? { ...problem, severity: 'warning' } : problem;
      }
      yield* reportProblems(rollout.manifest, referenceProblems(workspace, rollout));
    }
  },
};
