import { listAt, mapAt, textAt } from '../../manifest/json.ts';
import { containersIn } from '../pods.ts';
import type { Rule } from '../rule.ts';

/** Names of variables that end in a word for a credential; it is the whole name, or follows an underscore. */
const NAME = /(^|_)(PASSWORD|PASSWD|TOKEN|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;
/** `scheme://user:password@host`. */
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:[^/@\s]+@/i;

export const secretInline: Rule = {
  id: 'secret/inline',
  severity: 'warning',
  why: 'What is in Git is known to everyone who can read it, and stays in its history; rotating it is then a change that cannot be taken back.',
  fix: 'Take it from a Secret made outside Git: `valueFrom.secretKeyRef`, with a version in the Secret’s name.',
  *check(workspace) {
    for (const { manifest, path, container } of containersIn(workspace)) {
      for (const [index, variable] of listAt(container, ['env']).entries()) {
        const value = textAt(variable, ['value']) ?? '';
        const name = textAt(variable, ['name']) ?? '';
        // $(NAME) is taken from another variable.
        const isCredential =
          (NAME.test(name) && value !== '' && !/^\$\(\w+\)$/.test(value)) ||
          (URL_WITH_PASSWORD.test(value) && !/:\$\(\w+\)@/.test(value));
        if (isCredential) {
          yield {
            manifest,
            path: [...path, 'env', index, 'value'],
            message: `value of ${name} must not be a credential in the manifest`,
          };
        }
      }
    }
    for (const secret of workspace.ofKind('Secret')) {
      for (const field of ['data', 'stringData']) {
        if (secret.apiVersion === 'v1' && Object.keys(mapAt(secret.object, [field])).length > 0) {
          yield {
            manifest: secret,
            path: [field],
            pointAt: 'key',
            message: `${field} of Secret '${secret.name}' must not be in the manifest`,
          };
        }
      }
    }
  },
};
