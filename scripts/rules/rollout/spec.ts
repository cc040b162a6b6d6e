import { selectorProblems, timeProblems } from '../../validation/spec.ts';
import type { Rule } from '../rule.ts';
import { INVALID_SPEC, reportProblems } from '../validation.ts';

export const rolloutSpec: Rule = {
  id: 'rollout/spec',
  severity: 'error',
  why: INVALID_SPEC,
  fix: 'Write what the message says; the API server takes the object either way.',
  *check({ rollouts }) {
    for (const { manifest } of rollouts) {
      yield* reportProblems(manifest, [...timeProblems(manifest.object), ...selectorProblems(manifest.object)]);
    }
  },
};
