import { formatPath, isMap, type Json, type Path } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { keyOf } from './check-fields.ts';
import { type Fields, METRIC_FIELDS, ROLLOUT_FIELDS, TEMPLATE_FIELDS, under } from './fields.ts';
import { place } from './place.ts';

const { 'spec.metrics': _, ...OF_TEMPLATE } = TEMPLATE_FIELDS;
const TEMPLATE: Fields = { ...OF_TEMPLATE, ...under('spec.metrics[]', METRIC_FIELDS) };
const TABLES = new Map([
  ['Rollout', ROLLOUT_FIELDS],
  ['AnalysisTemplate', TEMPLATE],
  ['ClusterAnalysisTemplate', TEMPLATE],
]);

/**
 * The manifests without unknown fields, with a line in `assumed` for each. The API server drops such fields too, or refuses
 * them with strict validation. `only` is the index of the Rollout to be played, where there are several.
 */
export function dropUnknownFields(
  manifests: readonly Manifest[],
  only?: number,
): {
  readonly manifests: readonly Manifest[];
  readonly assumed: readonly string[];
} {
  const assumed: string[] = [];
  const read = (manifest: Manifest, fields: Fields, value: Json, path: Path): Json => {
    if (fields[keyOf(path)] !== undefined) {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => read(manifest, fields, item, [...path, index]));
    }
    if (!isMap(value)) {
      return value;
    }
    const kept = Object.entries(value).filter(([name]) => {
      const key = keyOf([...path, name]);
      const isKnown = Object.keys(fields).some(
        (one) => one === key || one.startsWith(`${key}.`) || one.startsWith(`${key}[]`),
      );
      if (!isKnown) {
        const field = formatPath([...path, name]);
        assumed.push(
          `assumed: ${place(manifest, [...path, name])}: ${field} is left out: no ${manifest.kind} has such a field`,
        );
      }
      return isKnown;
    });
    return Object.fromEntries(kept.map(([name, item]) => [name, read(manifest, fields, item, [...path, name])]));
  };
  return {
    manifests: manifests.map((manifest, index) => {
      const isOther = manifest.kind === 'Rollout' && only !== undefined && index !== only;
      const fields = !isOther && manifest.apiVersion.startsWith('argoproj.io/') ? TABLES.get(manifest.kind) : undefined;
      return fields === undefined
        ? manifest
        : { ...manifest, object: read(manifest, fields, manifest.object, []) as Manifest['object'] };
    }),
    assumed,
  };
}
