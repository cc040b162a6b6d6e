import { at, textAt } from '../../manifest/json.ts';
import { podsOf } from '../pods.ts';
import type { Rule } from '../rule.ts';

export const podToken: Rule = {
  id: 'pod/token',
  severity: 'info',
  why: 'Every process in the pod can speak to the cluster’s API with it; a service that never does only lends it to whoever breaks in.',
  fix: 'Set `automountServiceAccountToken: false` in the pod spec; where the token is used, say so with `true`.',
  *check(workspace) {
    for (const { manifest, path, spec } of podsOf(workspace)) {
      const account = workspace.find(manifest, 'ServiceAccount', textAt(spec, ['serviceAccountName']) ?? 'default');
      const choice =
        at(spec, ['automountServiceAccountToken']) ?? at(account?.object, ['automountServiceAccountToken']);
      if (choice === undefined) {
        yield {
          manifest,
          path: [...path, 'automountServiceAccountToken'],
          message: 'automountServiceAccountToken must be set',
        };
      }
    }
  },
};
