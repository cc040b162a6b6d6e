import { basename } from 'node:path';
import { at, isMap, type Json, listAt, textAt } from '../../manifest/json.ts';
import { folderOf, type Manifest } from '../../manifest/manifest.ts';
import type { Rule } from '../rule.ts';

/** Whether a text matches a pattern in which `*` stands for any text without a slash. */
function matchesGlob(pattern: string, text: string): boolean {
  const regexp = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replace(/\*/g, '[^/]*');
  return new RegExp(`^${regexp}$`).test(text);
}

/** Patterns of the folders for which a Git generator makes Applications, if each goes into the namespace of its folder's name. */
function* generatedBy(applicationSet: Manifest): Generator<{ readonly path: string; readonly isExcluded: boolean }> {
  const namespace = textAt(applicationSet.object, ['spec', 'template', 'spec', 'destination', 'namespace']) ?? '';
  if (/^\{\{\s*\.?path\.basename\s*\}\}$/.test(namespace)) {
    for (const generator of listAt(applicationSet.object, ['spec', 'generators'])) {
      for (const directory of listAt(generator, ['git', 'directories'])) {
        yield { path: textAt(directory, ['path']) ?? '', isExcluded: at(directory, ['exclude']) === true };
      }
    }
  }
}

/** Mirrors `IsDestinationPermitted` of Argo CD's `AppProject` (`pkg/apis/application/v1alpha1/app_project_types.go`): one entry must allow, none may deny. */
function permits(destinations: readonly Json[], namespace: string): boolean {
  const patterns = destinations.flatMap((one) => (isMap(one) ? [textAt(one, ['namespace']) ?? ''] : []));
  const isDenied = patterns.some((pattern) => pattern.startsWith('!') && matchesGlob(pattern.slice(1), namespace));
  return !isDenied && patterns.some((pattern) => !pattern.startsWith('!') && matchesGlob(pattern, namespace));
}

export const repositoryNamespace: Rule = {
  id: 'repository/namespace',
  severity: 'error',
  why: 'Argo CD makes an Application of the folder, for the namespace of its name, and refuses it (InvalidSpecError): nothing in it is ever deployed.',
  fix: 'Rename the folder, or let the project have that namespace.',
  *check({ manifests, ofKind, find }) {
    const folders = new Map(manifests.map((manifest) => [folderOf(manifest), manifest] as const).reverse());
    for (const applicationSet of ofKind('ApplicationSet')) {
      const name = textAt(applicationSet.object, ['spec', 'template', 'spec', 'project']) ?? '';
      const project = find(applicationSet, 'AppProject', name);
      const directories = [...generatedBy(applicationSet)];
      for (const [folder, manifest] of project === undefined ? [] : folders) {
        const matching = directories.filter(({ path }) => matchesGlob(path, folder));
        const namespace = basename(folder);
        const isGenerated = matching.length > 0 && !matching.some(({ isExcluded }) => isExcluded);
        if (isGenerated && !permits(listAt(project?.object, ['spec', 'destinations']), namespace)) {
          yield {
            manifest,
            path: ['metadata', 'name'],
            message: `the folder ${folder} must have a name that AppProject '${name}' permits as a namespace; it denies '${namespace}'`,
          };
        }
      }
    }
  },
};
