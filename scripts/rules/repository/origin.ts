import { isAbsolute } from 'node:path';
import { isMap, type Json, listAt, type Path, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { containersIn } from '../pods.ts';
import type { Rule } from '../rule.ts';

/** The owner that this repository's images carry until a fork writes its own. */
const PLACEHOLDER = 'example';

/** `host/owner/name` of a Git address, however it is written; undefined for a folder. */
function repositoryOf(address: string): string | undefined {
  const scheme = /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?/i;
  const match = /^([\w-]+(?:\.[\w-]+)+)(?::\d+(?=\/))?[/:](.+?)(?:\.git)?\/?$/.exec(address.replace(scheme, ''));
  return match === null ? undefined : `${match[1]}/${match[2]}`;
}

interface Address {
  readonly path: Path;
  readonly url: string;
}

/** Every Git address in the sources and Git generators of an Argo CD object. Chart repositories belong to others: left out. */
function* deliveredFrom(value: Json, path: Path): Generator<Address> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (isMap(value) && typeof value.repoURL === 'string' && value.chart === undefined) {
    yield { path: [...path, 'repoURL'], url: value.repoURL };
  }
  for (const [key, child] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    yield* deliveredFrom(child, [...path, key]);
  }
}

function* allowedBy(project: Manifest, delivered: ReadonlySet<string>): Generator<Address> {
  for (const [index, url] of listAt(project.object, ['spec', 'sourceRepos']).entries()) {
    if (typeof url === 'string' && delivered.has(url)) {
      yield { path: ['spec', 'sourceRepos', index], url };
    }
  }
}

function replace(from: string, to: string): string {
  return `Run \`grep -rl '${from}' k8s workloads | xargs sed -i 's|${from}|${to}|g'\`, and look at \`git diff\`.`;
}

export const repositoryOrigin: Rule = {
  id: 'repository/origin',
  severity: 'warning',
  why: 'Argo CD delivers what stands here: the other repository’s workloads, the other owner’s image.',
  fix: 'Write this checkout’s own.',
  *check(workspace) {
    const origin = workspace.origin === undefined ? undefined : repositoryOf(workspace.origin);
    if (origin === undefined) {
      return;
    }
    const own = (manifest: Manifest) => !isAbsolute(manifest.source.file);
    const addresses = ['Application', 'ApplicationSet']
      .flatMap((kind) => workspace.ofKind(kind))
      .filter(own)
      .flatMap((manifest) => [...deliveredFrom(manifest.object, [])].map((address) => ({ manifest, ...address })));
    const delivered = new Set(addresses.map(({ url }) => url));
    const allowed = workspace
      .ofKind('AppProject')
      .filter(own)
      .flatMap((manifest) => [...allowedBy(manifest, delivered)].map((address) => ({ manifest, ...address })));
    for (const { manifest, path, url } of [...addresses, ...allowed]) {
      const named = repositoryOf(url);
      if (named !== undefined && named.toLowerCase() !== origin.toLowerCase()) {
        yield {
          manifest,
          path,
          message: `${path.at(-2) === 'sourceRepos' ? 'sourceRepos' : 'repoURL'} must be this checkout's origin, ${origin}, got ${named}`,
          fix: replace(named, origin),
        };
      }
    }
    const owner = origin.split('/')[1]?.toLowerCase();
    for (const { manifest, path, container } of containersIn(workspace)) {
      const image = textAt(container, ['image']) ?? '';
      if (own(manifest) && image.split('/')[1] === PLACEHOLDER && owner !== PLACEHOLDER) {
        const from = image.split('/').slice(0, 2).join('/');
        yield {
          manifest,
          path: [...path, 'image'],
          message: `image must be of this checkout's owner, '${owner}', got ${image}`,
          fix: replace(from, `${image.split('/')[0]}/${owner}`),
        };
      }
    }
  },
};
