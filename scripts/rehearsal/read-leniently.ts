import { formatPath, isMap, type Json, type JsonMap, type Path } from '../manifest/json.ts';
import { createLocator } from '../manifest/locate.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isKnown, keyOf } from './check-fields.ts';
import { type Fields, METRIC_FIELDS, ROLLOUT_FIELDS, TEMPLATE_FIELDS, under } from './fields.ts';

const { 'spec.metrics': _, ...OF_TEMPLATE } = TEMPLATE_FIELDS;
const TEMPLATE: Fields = { ...OF_TEMPLATE, ...under('spec.metrics[]', METRIC_FIELDS) };
const TABLES = new Map([
  ['Rollout', ROLLOUT_FIELDS],
  ['AnalysisTemplate', TEMPLATE],
  ['ClusterAnalysisTemplate', TEMPLATE],
]);

/** Quick test for a file that may hold `name: y` or `name: n`. */
const MAY_HOLD = /\bname['"]?:\s+[yn]\b/i;

/**
 * The manifests as their author means them, with a line in `assumed` for each difference from what is written:
 *
 * - Unknown fields of a Rollout or a template are left out. The API server drops them too, or refuses them with strict validation.
 * - An unquoted name `y` or `n` is a text. In YAML 1.1, which kubectl reads, it is a boolean, so the API server refuses it.
 *
 * `only` is the index of the Rollout to be played, where there are several.
 */
export function readLeniently(
  manifests: readonly Manifest[],
  only?: number,
): { readonly manifests: readonly Manifest[]; readonly assumed: readonly string[] } {
  const assumed: string[] = [];
  const regionOf = createLocator();
  const walk = (manifest: Manifest, fields: Fields | undefined, value: Json, path: Path): Json => {
    const say = (at: Path, what: string) => {
      const { line, column } = regionOf(manifest, at);
      assumed.push(`assumed: ${manifest.source.file}:${line}:${column}: ${formatPath(at)} is ${what}`);
    };
    if (typeof value === 'boolean' && path.at(-1) === 'name') {
      const { line, column } = regionOf(manifest, path);
      const [letter] = /^[yn]\b/i.exec(manifest.source.text.split('\n')[line - 1]?.slice(column - 1) ?? '') ?? [];
      if (letter !== undefined) {
        const because = `kubectl reads ${value} and the API server refuses it: write it in quotes`;
        say(path, `the text '${letter}'; ${because}`);
        return letter;
      }
    }
    const inside = fields?.[keyOf(path)] === undefined ? fields : undefined;
    if (Array.isArray(value)) {
      return value.map((item, index) => walk(manifest, inside, item, [...path, index]));
    }
    if (!isMap(value)) {
      return value;
    }
    const kept = Object.entries(value).filter(([name]) => {
      const isLeft = inside === undefined || isKnown(inside, [...path, name]);
      if (!isLeft) {
        say([...path, name], `left out: no ${manifest.kind} has such a field`);
      }
      return isLeft;
    });
    return Object.fromEntries(kept.map(([name, item]) => [name, walk(manifest, inside, item, [...path, name])]));
  };
  const read = manifests.map((manifest, index) => {
    const isOther = manifest.kind === 'Rollout' && only !== undefined && index !== only;
    const fields = !isOther && manifest.apiVersion.startsWith('argoproj.io/') ? TABLES.get(manifest.kind) : undefined;
    return fields === undefined && !MAY_HOLD.test(manifest.source.text)
      ? manifest
      : { ...manifest, object: walk(manifest, fields, manifest.object, []) as JsonMap };
  });
  return { manifests: read, assumed };
}
