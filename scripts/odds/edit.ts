import { at, isMap, type Json, type JsonMap, type Path } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** One changed value of a manifest. */
export interface Edit {
  readonly manifest: Manifest;
  readonly path: Path;
  /** Names the value. Two edits of the same value exclude each other. */
  readonly setting: string;
  /** The old and the new value as text; `from` is empty when the field is missing. */
  readonly from: string;
  readonly to: string;
  readonly change: (value: Json | undefined) => Json;
}

/** The manifests after the edits. */
export function applyEdits(manifests: readonly Manifest[], edits: readonly Edit[]): readonly Manifest[] {
  return manifests.map((manifest) => {
    const own = edits.filter((edit) => isPlaceOf(edit.manifest, manifest));
    const object = own.reduce<Json>(
      (value, { path, change }) => setAt(value, path, change(at(value, path))),
      manifest.object,
    );
    return own.length === 0 ? manifest : { ...manifest, object: object as JsonMap };
  });
}

/** Whether both are the same document of a file. Objects are not compared: reading a workload may copy a manifest. */
function isPlaceOf(one: Manifest, { source, documentIndex, root }: Manifest): boolean {
  return one.source === source && one.documentIndex === documentIndex && one.root.join() === root.join();
}

function setAt(value: Json | undefined, path: Path, leaf: Json): Json {
  const [part, ...rest] = path;
  if (part === undefined) {
    return leaf;
  }
  if (typeof part === 'number') {
    return (Array.isArray(value) ? value : []).map((item, index) => (index === part ? setAt(item, rest, leaf) : item));
  }
  const map = isMap(value) ? value : {};
  return { ...map, [part]: setAt(map[part], rest, leaf) };
}

/** The line that an edit changes, 1-based. The edited value begins at `line`; in a longer text `from` may be further down. */
export function lineOf({ manifest, from }: Edit, line: number): number {
  const lines = manifest.source.text.split('\n');
  const found = from === '' ? -1 : lines.slice(line - 1).findIndex((text) => text.includes(from));
  return found === -1 ? line : line + found;
}
