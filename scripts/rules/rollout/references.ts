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
      yield* reportProblems(rollout.manifest, missingObjects(workspace, rollout));
      yield* reportProblems(rollout.manifest, referenceProblems(workspace, rollout));
    }
  },
};
