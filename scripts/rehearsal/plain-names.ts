import { formatPath, isMap, type Json, type Path } from '../manifest/json.ts';
import { createLocator } from '../manifest/locate.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { place } from './place.ts';

/** Quick test for a file that may hold `name: y` or `name: n`. */
const MAY_HOLD = /\bname['"]?:\s+[yn]\b/i;

/**
 * Reads an unquoted name `y` or `n` as text, as its author means it, with a line in `assumed` for each. In YAML 1.1, which
 * kubectl reads, it is a boolean, so the API server refuses it, and `verify` reports it.
 */
export function readPlainNames(manifests: readonly Manifest[]): {
  readonly manifests: readonly Manifest[];
  readonly assumed: readonly string[];
} {
  const assumed: string[] = [];
  const regionOf = createLocator();
  const read = (manifest: Manifest, value: Json, path: Path): Json => {
    if (typeof value === 'boolean' && path.at(-1) === 'name') {
      const { line, column } = regionOf(manifest, path);
      const letter = manifest.source.text.split('\n')[line - 1]?.[column - 1] ?? '';
      if (/^[yn]$/i.test(letter)) {
        assumed.push(
          `assumed: ${place(manifest, path)}: ${formatPath(path)} is the text '${letter}'; kubectl reads ${value} and the API server refuses it: write it in quotes`,
        );
        return letter;
      }
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => read(manifest, item, [...path, index]));
    }
    return isMap(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(manifest, item, [...path, key])]))
      : value;
  };
  return {
    manifests: manifests.map((manifest) =>
      MAY_HOLD.test(manifest.source.text)
        ? { ...manifest, object: read(manifest, manifest.object, []) as Manifest['object'] }
        : manifest,
    ),
    assumed,
  };
}
