import { podTemplateProblems } from '../../validation/pod-template.ts';
import type { Rule } from '../rule.ts';
import { INVALID_SPEC, reportProblems } from '../validation.ts';

export const rolloutPodTemplate: Rule = {
  id: 'rollout/pod-template',
  severity: 'error',
  why: INVALID_SPEC,
  fix: 'Write what the message says; the API server takes the object either way.',
  *check({ rollouts }) {
    for (const { manifest } of rollouts) {
      yield* reportProblems(manifest, podTemplateProblems(manifest.object));
    }
  },
};
