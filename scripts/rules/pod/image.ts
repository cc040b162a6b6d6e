import { textAt } from '../../manifest/json.ts';
import { containersIn } from '../pods.ts';
import type { Rule } from '../rule.ts';

/** The tag and digest of an image reference; a port in the registry's name is no tag. */
const REFERENCE = /^(?<name>.+?)(:(?<tag>[\w][\w.-]{0,127}))?(@(?<digest>\w+:[0-9a-f]+))?$/;

export const podImage: Rule = {
  id: 'pod/image',
  severity: 'info',
  why: 'The same line then means another image tomorrow: a pod that restarts may run a release that passed no gate, and an abort has nothing to go back to.',
  fix: 'Name a version, or better a digest (`@sha256:…`).',
  *check(workspace) {
    for (const { manifest, path, container } of containersIn(workspace)) {
      const image = textAt(container, ['image']);
      const groups = image === undefined ? undefined : REFERENCE.exec(image)?.groups;
      if (groups !== undefined && groups.digest === undefined && (groups.tag ?? 'latest') === 'latest') {
        yield {
          manifest,
          path: [...path, 'image'],
          message: `image '${image}' must have a tag other than latest`,
        };
      }
    }
  },
};
