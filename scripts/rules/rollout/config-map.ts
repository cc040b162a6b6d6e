import { isVersioned, referencesOf } from '../config-references.ts';
import type { Rule } from '../rule.ts';

export const rolloutConfigMap: Rule = {
  id: 'rollout/config-map',
  severity: 'warning',
  why: 'A change of that ConfigMap is no new revision: it reaches the pods of stable at their next restart, without a canary.',
  fix: 'Write the configuration into the pod template, or put a hash or version into the ConfigMap’s name.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      for (const { path, name } of referencesOf(rollout, 'configMap')) {
        if (!isVersioned(name) && rollout.template !== undefined) {
          yield {
            manifest: rollout.template.manifest,
            path,
            message: `ConfigMap '${name}' must have a version in its name`,
          };
        }
      }
    }
  },
};
