import { basename } from 'node:path';
import { at, type Json, listAt, textAt } from '../../manifest/json.ts';
import { folderOf, type Manifest } from '../../manifest/manifest.ts';
import { each, type Rule } from '../rule.ts';
import { ofKind } from '../subjects.ts';

/** Whether a text matches a pattern in which `*` stands for any text without a slash. */
function matchesGlob(pattern: string, text: string): boolean {
  const regexp = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replace(/\*/g, '[^/]*');
  return new RegExp(`^${regexp}$`).test(text);
}

/** The folders for which a Git generator makes Applications, if each goes into the namespace of its folder's name. */
function directoriesOf({ object }: Manifest): readonly Json[] {
  const namespace = textAt(object, ['spec', 'template', 'spec', 'destination', 'namespace']) ?? '';
  return /^\{\{\s*\.?path\.basename\s*\}\}$/.test(namespace)
    ? listAt(object, ['spec', 'generators']).flatMap((generator) => listAt(generator, ['git', 'directories']))
    : [];
}

/** Mirrors `IsDestinationPermitted` of Argo CD's `AppProject` (`pkg/apis/application/v1alpha1/app_project_types.go`): one entry must allow, none may deny. */
function permits(project: Manifest | undefined, namespace: string): boolean {
  const destinations = listAt(project?.object, ['spec', 'destinations']);
  const patterns = destinations.map((one) => textAt(one, ['namespace']) ?? '');
  const isDenied = patterns.some((pattern) => pattern.startsWith('!') && matchesGlob(pattern.slice(1), namespace));
  return !isDenied && patterns.some((pattern) => !pattern.startsWith('!') && matchesGlob(pattern, namespace));
}

export const repositoryNamespace: Rule = {
  id: 'repository/namespace',
  severity: 'error',
  why: 'Argo CD makes an Application of the folder, for the namespace of its name, and refuses it (InvalidSpecError): nothing in it is ever deployed.',
  fix: 'Rename the folder, or let the project have that namespace.',
  check: each(ofKind('ApplicationSet'), function* ({ manifest: applicationSet }, { manifests, find }) {
    const name = textAt(applicationSet.object, ['spec', 'template', 'spec', 'project']) ?? '';
    const project = find(applicationSet, 'AppProject', name);
    const directories = directoriesOf(applicationSet);
    const firsts = new Map(manifests.toReversed().map((manifest) => [folderOf(manifest), manifest]));
    for (const [folder, manifest] of project === undefined ? [] : firsts) {
      const matching = directories.filter((directory) => matchesGlob(textAt(directory, ['path']) ?? '', folder));
      const isGenerated = matching.length > 0 && !matching.some((directory) => at(directory, ['exclude']) === true);
      if (isGenerated && !permits(project, basename(folder))) {
        const message = `the folder ${folder} must have a name that AppProject '${name}' permits as a namespace; it denies '${basename(folder)}'`;
        yield { manifest, path: ['metadata', 'name'], message };
      }
    }
  }),
};
