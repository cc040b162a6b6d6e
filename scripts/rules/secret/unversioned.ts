import { isVersioned, referencesOf } from '../config-references.ts';
import type { Rule } from '../rule.ts';

export const secretUnversioned: Rule = {
  id: 'secret/unversioned',
  severity: 'info',
  why: 'A rotation under the same name is no new revision: it reaches pods one by one at their next restart, without a canary, and an abort cannot bring the old one back.',
  fix: 'Put a version into the Secret’s name, such as `…-v1`; a rotation is then `…-v2`, and a release like any other.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      for (const { path, name } of referencesOf(rollout, 'secret')) {
        if (!isVersioned(name) && rollout.template !== undefined) {
          yield {
            manifest: rollout.template.manifest,
            path,
            message: `Secret '${name}' must have a version in its name`,
          };
        }
      }
    }
  },
};
