import { podTemplateProblems } from '../../validation/pod-template.ts';
import { missingObjects, referenceProblems } from '../../validation/references.ts';
import { selectorProblems, timeProblems } from '../../validation/rollout.ts';
import { strategyProblems } from '../../validation/strategy.ts';
import { each, type Rule } from '../rule.ts';
import { rollouts } from '../subjects.ts';

// What the controller's validation of a Rollout refuses.

const REFUSED = {
  severity: 'error',
  why: 'The controller marks the Rollout InvalidSpec and stops reconciling it: it neither releases nor scales.',
  fix: 'Write what the message says; the API server takes the object either way.',
} as const;

export const spec: Rule = {
  ...REFUSED,
  id: 'rollout/spec',
  check: each(rollouts, ({ manifest: { object } }) => [...timeProblems(object), ...selectorProblems(object)]),
};

export const strategy: Rule = {
  ...REFUSED,
  id: 'rollout/strategy',
  check: each(rollouts, ({ manifest }) => strategyProblems(manifest.object)),
};

export const podTemplate: Rule = {
  ...REFUSED,
  id: 'rollout/pod-template',
  check: each(rollouts, ({ manifest }) => podTemplateProblems(manifest.object)),
};

export const references: Rule = {
  ...REFUSED,
  id: 'rollout/references',
  fix: 'Add the object, or correct the name; give verify the folder that holds it.',
  check: each(rollouts, function* (rollout, workspace) {
    // A folder without any object of that kind usually has them elsewhere. A missing template is an error: no release can be played.
    for (const { kind, ...problem } of missingObjects(workspace, rollout)) {
      const isElsewhere = !kind.endsWith('Template') && workspace.peers(rollout.manifest, kind).length === 0;
      yield { ...problem, severity: isElsewhere ? 'warning' : 'error' };
    }
    yield* referenceProblems(workspace, rollout);
  }),
};
