import { textAt } from '../../manifest/json.ts';
import { isVersioned, referencesOf } from '../config-references.ts';
import type { Rule } from '../rule.ts';

const OPTIONS = ['metadata', 'annotations', 'argocd.argoproj.io/sync-options'] as const;

export const rolloutConfigMapPrune: Rule = {
  id: 'rollout/config-map-prune',
  severity: 'warning',
  why: 'With the next version of its name this one is gone from Git, and Argo CD prunes it while old pods still need it: an abort finds its configuration gone.',
  fix: 'Annotate it `argocd.argoproj.io/sync-options: PruneLast=true`, or write the configuration into the pod template.',
  *check({ rollouts, find }) {
    for (const rollout of rollouts) {
      for (const { name } of referencesOf(rollout, 'configMap')) {
        const map = isVersioned(name) ? find(rollout.manifest, 'ConfigMap', name) : undefined;
        if (map !== undefined && !/\b(PruneLast=true|Prune=false)\b/.test(textAt(map.object, OPTIONS) ?? '')) {
          yield { manifest: map, path: OPTIONS, message: `ConfigMap '${name}' must outlive the sync that replaces it` };
        }
      }
    }
  },
};
