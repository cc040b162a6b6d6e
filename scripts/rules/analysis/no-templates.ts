import { at, formatPath, listAt } from '../../manifest/json.ts';
import { analysesOf } from '../gate.ts';
import type { Rule } from '../rule.ts';

export const analysisNoTemplates: Rule = {
  id: 'analysis/no-templates',
  severity: 'error',
  why: 'An analysis without templates is no analysis: the controller starts none, and nothing says so.',
  fix: 'Name at least one: `templates: [{templateName: …}]`.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      for (const { path } of analysesOf(rollout)) {
        // The removed single form is an unknown field, which its own rule tells.
        const isOldForm = at(rollout.manifest.object, [...path, 'templateName']) !== undefined;
        if (listAt(rollout.manifest.object, [...path, 'templates']).length === 0 && !isOldForm) {
          yield {
            manifest: rollout.manifest,
            path: [...path, 'templates'],
            message: `${formatPath(path)} must list \`templates\``,
          };
        }
      }
    }
  },
};
