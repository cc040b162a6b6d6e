/** Any value of a YAML or JSON document. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [key: string]: Json;
}

/** Where a value is in a document: `['spec', 'steps', 0]`. */
export type Path = readonly (string | number)[];

/** `spec.steps[0]`; a key that holds dots or slashes is quoted: `metadata.labels['app.kubernetes.io/name']`. */
export function formatPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : /^[\w-]+$/.test(part) ? `.${part}` : `['${part}']`))
    .join('')
    .replace(/^\./, '');
}

/** The value at a path, undefined where any part of it is missing. */
export function at(value: Json | undefined, path: Path): Json | undefined {
  let here: Json | undefined = value;
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) {
      return undefined;
    }
    here = (here as Record<string | number, Json>)[part];
  }
  return here;
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The map at a path; empty if there is no value, or one of another type. */
export function mapAt(value: Json | undefined, path: Path = []): JsonMap {
  const found = at(value, path);
  return isMap(found) ? found : {};
}

/** The list at a path; empty if there is no value, or one of another type. */
export function listAt(value: Json | undefined, path: Path = []): readonly Json[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

export function textAt(value: Json | undefined, path: Path = []): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: Json | undefined, path: Path = []): number | undefined {
  const found = at(value, path);
  return typeof found === 'number' ? found : undefined;
}

/** Every value in a document, parents first, each with its path; the document itself has the path `[]`. */
export function* walkJson(value: Json, path: Path = []): Generator<{ readonly path: Path; readonly value: Json }> {
  yield { path, value };
  if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      yield* walkJson(child, [...path, key]);
    }
  }
}
