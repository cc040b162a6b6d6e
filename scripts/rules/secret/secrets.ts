import { listAt, mapAt, textAt } from '../../manifest/json.ts';
import { isVersioned, referencesOf } from '../config-references.ts';
import { each, type Problem, type Rule } from '../rule.ts';
import { containers } from '../subjects.ts';

/** Names of variables that end in a word for a credential; it is the whole name, or follows an underscore. */
const NAME = /(^|_)(PASSWORD|PASSWD|TOKEN|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;
/** `scheme://user:password@host`. */
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:[^/@\s]+@/i;

/** Whether a variable holds a credential; `$(NAME)` is taken from another variable. */
const isCredential = (name: string, value: string) =>
  (NAME.test(name) && value !== '' && !/^\$\(\w+\)$/.test(value)) ||
  (URL_WITH_PASSWORD.test(value) && !/:\$\(\w+\)@/.test(value));

export const inline: Rule = {
  id: 'secret/inline',
  severity: 'warning',
  why: 'What is in Git is known to everyone who can read it, and stays in its history; rotating it is then a change that cannot be taken back.',
  fix: 'Take it from a Secret made outside Git: `valueFrom.secretKeyRef`, with a version in the Secret’s name.',
  *check(workspace): Generator<Problem> {
    for (const { manifest, path, container } of containers(workspace)) {
      for (const [index, variable] of listAt(container, ['env']).entries()) {
        const name = textAt(variable, ['name']) ?? '';
        if (isCredential(name, textAt(variable, ['value']) ?? '')) {
          const message = `value of ${name} must not be a credential in the manifest`;
          yield { manifest, path: [...path, 'env', index, 'value'], message };
        }
      }
    }
    for (const manifest of workspace.ofKind('Secret').filter(({ apiVersion }) => apiVersion === 'v1')) {
      for (const field of ['data', 'stringData']) {
        if (Object.keys(mapAt(manifest.object, [field])).length > 0) {
          const message = `${field} of Secret '${manifest.name}' must not be in the manifest`;
          yield { manifest, path: [field], pointAt: 'key', message };
        }
      }
    }
  },
};

export const unversioned: Rule = {
  id: 'secret/unversioned',
  severity: 'info',
  why: 'A rotation under the same name is no new revision: it reaches pods one by one at their next restart, without a canary, and an abort cannot bring the old one back.',
  fix: 'Put a version into the Secret’s name, such as `…-v1`; a rotation is then `…-v2`, and a release like any other.',
  check: each(referencesOf('secret'), function* ({ name }) {
    if (!isVersioned(name)) {
      yield { message: `Secret '${name}' must have a version in its name` };
    }
  }),
};
