import { formatPath } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';
import { inspect } from '../schema-inspection.ts';
import { schemaKey } from '../schema-models.ts';

export const schemaUnknownField: Rule = {
  id: 'schema/unknown-field',
  severity: 'error',
  why: 'The API server drops a field that it does not know, without a word: what it was meant to say is never done.',
  fix: 'Correct its name or its place, or delete it.',
  *check({ manifests, schemas }) {
    for (const manifest of manifests) {
      const validate = schemas.get(schemaKey(manifest));
      if (validate === undefined) {
        continue;
      }
      for (const path of inspect(validate, manifest.object).unknown) {
        // `templateName` was removed from `analysis`; the default fix would not lead to `templates`.
        const isOldTemplate = /\.analysis\.templateName$/.test(formatPath(path));
        yield {
          manifest,
          path,
          pointAt: 'key',
          message: `${formatPath(path)} must be a field of ${manifest.kind} ${manifest.apiVersion}`,
          ...(isOldTemplate
            ? {
                fix: 'List it: `templates: [{templateName: …}]`; the single form was removed, and names no template now.',
              }
            : {}),
        };
      }
    }
  },
};
