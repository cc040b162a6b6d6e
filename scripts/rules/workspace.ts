import type { Manifest } from '../manifest/manifest.ts';
import { folderOf } from '../manifest/manifest.ts';
import { type Gate, readGates } from './gate.ts';
import type { Live } from './live.ts';
import { type Rollout, readRollout } from './rollout.ts';
import type { Schemas } from './schema/models.ts';

/** All that is checked together: rules that need more than one object look it up here. */
export interface Workspace {
  readonly manifests: readonly Manifest[];
  readonly rollouts: readonly Rollout[];
  /** Each metric of each analysis template, once for every Rollout that uses it. */
  readonly gates: readonly Gate[];
  readonly schemas: Schemas;
  /** The address that this checkout was cloned from, where it has one. */
  readonly origin: string | undefined;
  /** A running instance to compare with, where one was named. */
  readonly live: Live | undefined;
  readonly ofKind: (kind: string) => readonly Manifest[];
  /** Those of a kind that are applied together with a manifest: its folder, its namespace. */
  readonly peers: (manifest: Manifest, kind: string) => readonly Manifest[];
  /** The object of that kind and name that a manifest means: in its file, in its folder, else anywhere in its namespace. */
  readonly find: (manifest: Manifest, kind: string, name: string) => Manifest | undefined;
}

export function createWorkspace(manifests: readonly Manifest[], schemas: Schemas, origin?: string): Workspace {
  const byKind = Map.groupBy(manifests, ({ kind }) => kind);
  const byFolder = Map.groupBy(manifests, (manifest) => `${manifest.kind} ${folderOf(manifest)}`);
  const byName = Map.groupBy(manifests, ({ kind, name }) => `${kind} ${name}`);
  const ofKind = (kind: string) => byKind.get(kind) ?? [];
  const peers = (manifest: Manifest, kind: string) =>
    (byFolder.get(`${kind} ${folderOf(manifest)}`) ?? []).filter((peer) => sharesNamespace(manifest, peer));
  const find = (manifest: Manifest, kind: string, name: string) => {
    const named = (byName.get(`${kind} ${name}`) ?? []).filter((other) => sharesNamespace(manifest, other));
    return (
      named.find(({ source }) => source === manifest.source) ??
      named.find((other) => folderOf(other) === folderOf(manifest)) ??
      named[0]
    );
  };
  const rollouts = ofKind('Rollout')
    .filter(({ apiVersion }) => apiVersion.startsWith('argoproj.io/'))
    .map((manifest) => readRollout(manifest, (kind, name) => find(manifest, kind, name)));
  const partial = { manifests, rollouts, schemas, origin, live: undefined, ofKind, peers, find };
  return { ...partial, gates: readGates(partial) };
}

/** A manifest that names no namespace goes wherever its folder goes. */
function sharesNamespace(a: Manifest, b: Manifest): boolean {
  return a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;
}
