import { isMap, type Json, type JsonMap } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { RehearsalError } from './errors.ts';
import type { Patch } from './scenario.ts';

/** The manifests with a scenario's patches applied, in order. Throws RehearsalError for a patch that matches no object. */
export function applyPatches(manifests: readonly Manifest[], patches: readonly Patch[]): readonly Manifest[] {
  return patches.reduce((all, patch) => {
    const matches = ({ kind, name }: Manifest) =>
      kind === patch.kind && (patch.name === undefined || patch.name === name);
    if (!all.some(matches)) {
      const what = patch.name === undefined ? `each ${patch.kind}` : `the ${patch.kind} '${patch.name}'`;
      throw new RehearsalError(`the scenario patches ${what}, and there is none`);
    }
    return all.map((manifest) =>
      matches(manifest) ? { ...manifest, object: mergePatch(manifest.object, patch.merge) as JsonMap } : manifest,
    );
  }, manifests);
}

/** RFC 7386: maps are merged, null removes, everything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isMap(patch)) {
    return patch;
  }
  const merged: Record<string, Json> = { ...(isMap(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete merged[key];
    } else {
      merged[key] = mergePatch(merged[key], value);
    }
  }
  return merged;
}
