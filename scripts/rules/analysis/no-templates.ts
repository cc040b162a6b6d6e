import { at, formatPath, listAt } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';

export const analysisNoTemplates: Rule = {
  id: 'analysis/no-templates',
  severity: 'error',
  why: 'An analysis without templates is no analysis: the controller starts none, and nothing says so.',
  fix: 'Name at least one: `templates: [{templateName: …}]`.',
  *check({ uses }) {
    for (const { rollout, path } of uses) {
      const { manifest } = rollout;
      // The removed single form is an unknown field, which schema/unknown-field reports.
      const isOldForm = at(manifest.object, [...path, 'templateName']) !== undefined;
      if (listAt(manifest.object, [...path, 'templates']).length === 0 && !isOldForm) {
        yield { manifest, path: [...path, 'templates'], message: `${formatPath(path)} must list \`templates\`` };
      }
    }
  },
};
