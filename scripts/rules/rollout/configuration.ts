import { textAt } from '../../manifest/json.ts';
import { isVersioned, referencesOf } from '../config-references.ts';
import { each, type Rule } from '../rule.ts';

const configMaps = referencesOf('configMap');

export const configMap: Rule = {
  id: 'rollout/config-map',
  severity: 'warning',
  why: 'A change of that ConfigMap is no new revision: it reaches the pods of stable at their next restart, without a canary.',
  fix: 'Write the configuration into the pod template, or put a hash or version into the ConfigMap’s name.',
  check: each(configMaps, function* ({ name }) {
    if (!isVersioned(name)) {
      yield { message: `ConfigMap '${name}' must have a version in its name` };
    }
  }),
};

const OPTIONS = ['metadata', 'annotations', 'argocd.argoproj.io/sync-options'];

export const configMapPrune: Rule = {
  id: 'rollout/config-map-prune',
  severity: 'warning',
  why: 'With the next version of its name this one is gone from Git, and Argo CD prunes it while old pods still need it: an abort finds its configuration gone.',
  fix: 'Annotate it `argocd.argoproj.io/sync-options: PruneLast=true`, or write the configuration into the pod template.',
  check: each(configMaps, function* ({ rollout, name }, { find }) {
    const manifest = isVersioned(name) ? find(rollout.manifest, 'ConfigMap', name) : undefined;
    if (manifest && !/\b(PruneLast=true|Prune=false)\b/.test(textAt(manifest.object, OPTIONS) ?? '')) {
      yield { manifest, path: OPTIONS, message: `ConfigMap '${name}' must outlive the sync that replaces it` };
    }
  }),
};
