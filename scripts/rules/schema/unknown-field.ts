import { formatPath } from '../../manifest/json.ts';
import { each, type Rule } from '../rule.ts';
import { inspections } from '../subjects.ts';

/** `templateName` was removed from `analysis`; the rule's own fix would not lead to `templates`. */
const OLD_TEMPLATE = {
  fix: 'List it: `templates: [{templateName: …}]`; the single form was removed, and names no template now.',
};

export const unknownField: Rule = {
  id: 'schema/unknown-field',
  severity: 'error',
  why: 'The API server drops a field that it does not know, without a word: what it was meant to say is never done.',
  fix: 'Correct its name or its place, or delete it.',
  check: each(inspections, function* ({ manifest, unknown }) {
    for (const path of unknown) {
      const message = `${formatPath(path)} must be a field of ${manifest.kind} ${manifest.apiVersion}`;
      const isOldTemplate = /\.analysis\.templateName$/.test(formatPath(path));
      yield { path, pointAt: 'key', message, ...(isOldTemplate ? OLD_TEMPLATE : {}) };
    }
  }),
};
