import { folderOf, type Manifest } from '../manifest/manifest.ts';

/** Objects that are applied together, to be looked up. */
export interface Objects {
  readonly manifests: readonly Manifest[];
  readonly ofKind: (kind: string) => readonly Manifest[];
  /** Those of a kind that are applied together with a manifest: its folder, its namespace. */
  readonly peers: (manifest: Manifest, kind: string) => readonly Manifest[];
  /** The object of that kind and name that a manifest means: in its file, in its folder, else anywhere in its namespace. */
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

/** A manifest that names no namespace goes wherever its folder goes. */
function sharesNamespace(a: Manifest, b: Manifest): boolean {
  return a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;
}
