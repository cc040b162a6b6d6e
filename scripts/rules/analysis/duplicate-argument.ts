import { listAt, textAt } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';

export const analysisDuplicateArgument: Rule = {
  id: 'analysis/duplicate-argument',
  severity: 'warning',
  why: 'The controller takes the last value that an analysis gives an argument, without a word: the one before it is never used.',
  fix: 'Give it once.',
  *check({ uses }) {
    for (const { rollout, path } of uses) {
      const names = listAt(rollout.manifest.object, [...path, 'args']).map((argument) => textAt(argument, ['name']));
      for (const [index, name] of names.entries()) {
        if (name !== undefined && names.indexOf(name) < index) {
          yield {
            manifest: rollout.manifest,
            path: [...path, 'args', index, 'name'],
            message: `argument '${name}' must be given once; this value counts`,
          };
        }
      }
    }
  },
};
