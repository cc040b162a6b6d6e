import { dirname } from 'node:path';
import { type JsonMap, mapAt, type Path, textAt } from './json.ts';

/** A file's name as findings print it, and its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** One Kubernetes object in a file. */
export interface Manifest {
  readonly source: Source;
  /** 0-based, empty documents counted. */
  readonly documentIndex: number;
  /** Where the object starts in its document: `[]`, or `['items', 2]` in a List. */
  readonly root: Path;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty where there is none (`generateName`). */
  readonly name: string;
  /** Undefined when the manifest names none, so that it can be applied in any namespace. */
  readonly namespace: string | undefined;
  readonly object: JsonMap;
}

export function createManifest(source: Source, documentIndex: number, root: Path, object: JsonMap): Manifest {
  return {
    source,
    documentIndex,
    root,
    apiVersion: textAt(object, ['apiVersion']) ?? '',
    kind: textAt(object, ['kind']) ?? '',
    name: textAt(object, ['metadata', 'name']) ?? '',
    namespace: textAt(object, ['metadata', 'namespace']),
    object,
  };
}

/** The folder of a manifest's file. The manifests in one folder are applied together. */
export function folderOf(manifest: Manifest): string {
  return dirname(manifest.source.file);
}

export function labelsOf(manifest: Manifest): JsonMap {
  return mapAt(manifest.object, ['metadata', 'labels']);
}

/** The API group: `apps` of `apps/v1`, empty for the core. */
export function groupOf(manifest: Manifest): string {
  const slash = manifest.apiVersion.indexOf('/');
  return slash === -1 ? '' : manifest.apiVersion.slice(0, slash);
}
