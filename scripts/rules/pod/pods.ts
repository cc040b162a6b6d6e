import { splitImage } from '../../manifest/image-reference.ts';
import { at, listAt, textAt } from '../../manifest/json.ts';
import { each, type Rule } from '../rule.ts';
import { containers, pods } from '../subjects.ts';

export const image: Rule = {
  id: 'pod/image',
  severity: 'info',
  why: 'The same line then means another image tomorrow: a pod that restarts may run a release that passed no gate, and an abort has nothing to go back to.',
  fix: 'Name a version, or better a digest (`@sha256:…`).',
  check: each(containers, function* ({ container }) {
    const written = textAt(container, ['image']) ?? '';
    const { repository, tag, digest } = splitImage(written);
    if (repository !== '' && digest === undefined && (tag ?? 'latest') === 'latest') {
      yield { path: ['image'], message: `image '${written}' must have a tag other than latest` };
    }
  }),
};

export const npm: Rule = {
  id: 'pod/npm',
  severity: 'warning',
  why: 'Then npm is process 1, and SIGTERM ends with it: the service never drains, and the requests it was answering are lost.',
  fix: 'Start the service itself: `command: ["node", "api/main.ts"]`.',
  check: each(containers, function* ({ container }) {
    const field = listAt(container, ['command']).length === 0 ? 'args' : 'command';
    const program = at(container, [field, 0]);
    if (typeof program === 'string' && /(^|\/)(npm|npx|yarn|pnpm)$/.test(program)) {
      yield { path: [field, 0], message: `${field} must not start with ${program}` };
    }
  }),
};

export const token: Rule = {
  id: 'pod/token',
  severity: 'info',
  why: 'Every process in the pod can speak to the cluster’s API with it; a service that never does only lends it to whoever breaks in.',
  fix: 'Set `automountServiceAccountToken: false` in the pod spec; where the token is used, say so with `true`.',
  check: each(pods, function* ({ manifest, spec }, { find }) {
    const field = 'automountServiceAccountToken';
    const account = find(manifest, 'ServiceAccount', textAt(spec, ['serviceAccountName']) ?? 'default');
    if ((spec[field] ?? at(account?.object, [field])) === undefined) {
      yield { path: [field], message: `${field} must be set` };
    }
  }),
};
