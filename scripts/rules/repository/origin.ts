import { isAbsolute } from 'node:path';
import { isMap, listAt, type Path, textAt, walkJson } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { Problem, Rule } from '../rule.ts';
import { containers } from '../subjects.ts';
import type { Workspace } from '../workspace.ts';

/** The owner that this repository's images carry until a fork writes its own. */
const PLACEHOLDER = 'example';

/** `host/owner/name` of a Git address, however it is written; undefined for a folder. */
function repositoryOf(address: string): string | undefined {
  const scheme = /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?/i;
  const match = /^([\w-]+(?:\.[\w-]+)+)(?::\d+(?=\/))?[/:](.+?)(?:\.git)?\/?$/.exec(address.replace(scheme, ''));
  return match === null ? undefined : `${match[1]}/${match[2]}`;
}

interface Address {
  readonly manifest: Manifest;
  readonly path: Path;
  readonly url: string;
}

/** Every Git address in the sources and Git generators of an Argo CD object. Chart repositories belong to others: left out. */
function deliveredFrom(manifest: Manifest): readonly Address[] {
  return [...walkJson(manifest.object)].flatMap(({ path, value }) =>
    isMap(value) && typeof value.repoURL === 'string' && value.chart === undefined
      ? [{ manifest, path: [...path, 'repoURL'], url: value.repoURL }]
      : [],
  );
}

/** The Git addresses of Argo CD objects in this checkout, and those that an AppProject allows of them. */
function addressesIn({ ofKind }: Workspace): readonly Address[] {
  const own = (kind: string) => ofKind(kind).filter(isOwn);
  const sources = [...own('Application'), ...own('ApplicationSet')].flatMap(deliveredFrom);
  const delivered = new Set(sources.map(({ url }) => url));
  const allowed = own('AppProject').flatMap((manifest) =>
    listAt(manifest.object, ['spec', 'sourceRepos']).flatMap((url, index) =>
      typeof url === 'string' && delivered.has(url) ? [{ manifest, path: ['spec', 'sourceRepos', index], url }] : [],
    ),
  );
  return [...sources, ...allowed];
}

function isOwn(manifest: Manifest): boolean {
  return !isAbsolute(manifest.source.file);
}

function replace(from: string, to: string): string {
  return `Run \`grep -rl '${from}' k8s workloads | xargs sed -i 's|${from}|${to}|g'\`, and look at \`git diff\`.`;
}

export const repositoryOrigin: Rule = {
  id: 'repository/origin',
  severity: 'warning',
  why: 'Argo CD delivers what stands here: the other repository’s workloads, the other owner’s image.',
  fix: 'Write this checkout’s own.',
  *check(workspace): Generator<Problem> {
    const checkout = repositoryOf(workspace.origin ?? '');
    if (checkout === undefined) {
      return;
    }
    for (const { manifest, path, url } of addressesIn(workspace)) {
      const named = repositoryOf(url);
      if (named !== undefined && named.toLowerCase() !== checkout.toLowerCase()) {
        const field = path.at(-2) === 'sourceRepos' ? 'sourceRepos' : 'repoURL';
        const message = `${field} must be this checkout's origin, ${checkout}, got ${named}`;
        yield { manifest, path, message, fix: replace(named, checkout) };
      }
    }
    const owner = checkout.split('/')[1]?.toLowerCase();
    for (const { manifest, path, container } of containers(workspace)) {
      const image = textAt(container, ['image']) ?? '';
      const [registry, imageOwner] = image.split('/');
      if (isOwn(manifest) && imageOwner === PLACEHOLDER && owner !== PLACEHOLDER) {
        const message = `image must be of this checkout's owner, '${owner}', got ${image}`;
        const fix = replace(`${registry}/${imageOwner}`, `${registry}/${owner}`);
        yield { manifest, path: [...path, 'image'], message, fix };
      }
    }
  },
};
