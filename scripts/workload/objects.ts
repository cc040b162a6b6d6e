import { folderOf, type Manifest } from '../manifest/manifest.ts';

/** Looks up manifests by kind, folder and name. */
export interface Objects {
  readonly manifests: readonly Manifest[];
  readonly ofKind: (kind: string) => readonly Manifest[];
  /** The manifests of a kind in the folder and namespace of a manifest: those that are applied together with it. */
  readonly peers: (manifest: Manifest, kind: string) => readonly Manifest[];
  /** The object of that kind and name to which a manifest refers: in its file, else in its folder, else in its namespace. */
  readonly find: (manifest: Manifest, kind: string, name: string) => Manifest | undefined;
}

export function createObjects(manifests: readonly Manifest[]): Objects {
  const byKind = Map.groupBy(manifests, ({ kind }) => kind);
  const byFolder = Map.groupBy(manifests, (manifest) => `${manifest.kind} ${folderOf(manifest)}`);
  const byName = Map.groupBy(manifests, ({ kind, name }) => `${kind} ${name}`);
  return {
    manifests,
    ofKind: (kind) => byKind.get(kind) ?? [],
    peers: (manifest, kind) =>
      (byFolder.get(`${kind} ${folderOf(manifest)}`) ?? []).filter((peer) => sharesNamespace(manifest, peer)),
    find(manifest, kind, name) {
      const named = (byName.get(`${kind} ${name}`) ?? []).filter((other) => sharesNamespace(manifest, other));
      return (
        named.find(({ source }) => source === manifest.source) ??
        named.find((other) => folderOf(other) === folderOf(manifest)) ??
        named[0]
      );
    },
  };
}

/** As `find`, but not in another folder, where an object of that name may belong to another application. */
export function findBeside({ find }: Pick<Objects, 'find'>, manifest: Manifest, kind: string, name: string) {
  const found = find(manifest, kind, name);
  return found !== undefined && folderOf(found) === folderOf(manifest) ? found : undefined;
}

/** A manifest without a namespace shares every namespace: it can be applied in any. */
function sharesNamespace(a: Manifest, b: Manifest): boolean {
  return a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;
}
