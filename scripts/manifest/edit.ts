import { isDeepStrictEqual } from 'node:util';
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parse, Scalar } from 'yaml';
import { formatPath, type Path } from './json.ts';
import type { Manifest } from './manifest.ts';
import { parseYaml } from './yaml.ts';

/** The value cannot be replaced where it stands; the message names its field and says what to do. */
export class EditError extends Error {
  override readonly name = 'EditError';
}

/** Where a value is in a file of one or more documents. */
export interface Place {
  /** 0-based; empty documents count. */
  readonly documentIndex: number;
  readonly path: Path;
}

/** Where a value is in a manifest's file; `path` is from the root of the object. */
export function placeOf({ documentIndex, root }: Manifest, path: Path): Place {
  return { documentIndex, path: [...root, ...path] };
}

/**
 * The text with one scalar replaced where it is written (behind an alias: at its anchor), and everything else byte for byte as it was:
 * comments, line endings, the scalar's quotes. A string that YAML would read as something else gets quotes. The result was read
 * back: in all documents only this value differs. Throws `EditError` for a scalar that is missing, empty, of several lines, or
 * cannot be replaced alone.
 */
export function editScalar(text: string, place: Place, value: string | number): string {
  const before = parseYaml(text);
  const node = scalarAt(before.documents[place.documentIndex], place.path);
  const field = formatPath(place.path);
  if (node?.range == null) {
    throw new EditError(`\`${field}\` must be written out where it stands (no merge key brings it in)`);
  }
  const [start, end] = node.range;
  if (
    /[\r\n]/.test(text.slice(start, end)) ||
    node.type === Scalar.BLOCK_LITERAL ||
    node.type === Scalar.BLOCK_FOLDED
  ) {
    throw new EditError(`\`${field}\` must be on one line (no block scalar)`);
  }
  const edited = text.slice(0, start) + formatScalar(value, node.type) + text.slice(end);
  node.value = value;
  const after = parseYaml(edited).documents;
  const wanted = valuesOf(before.documents, field);
  if (after.some(({ errors }) => errors.length > 0) || !isDeepStrictEqual(valuesOf(after, field), wanted)) {
    throw new EditError(
      `\`${field}\` cannot be replaced where it stands without changing more: write it in double quotes`,
    );
  }
  return edited;
}

function valuesOf(documents: readonly Document[], field: string): readonly unknown[] {
  try {
    return documents.map((document) => document.toJS());
  } catch (cause) {
    // The library throws for anchors that expand without end and for an alias without an anchor.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EditError(`\`${field}\` cannot be replaced in a file that cannot be read: ${reason}`, { cause });
  }
}

/** The scalar at a path, aliases followed; undefined if it is missing, left out (`key:`), or comes from a merge key (`<<`). */
export function scalarAt(document: Document | undefined, path: Path): Scalar | undefined {
  const follow = (node: unknown) =>
    isAlias(node) && document !== undefined ? node.resolve(document) : (node as Node | undefined);
  let node = follow(document?.contents);
  for (const part of path) {
    node = follow(isMap(node) || isSeq(node) ? node.get(part, true) : undefined);
  }
  return isScalar(node) && (node.source !== '' || node.type !== Scalar.PLAIN) ? node : undefined;
}

function formatScalar(value: string | number, style: Scalar['type']): string {
  if (typeof value === 'number') {
    return String(value);
  }
  switch (style) {
    case Scalar.QUOTE_DOUBLE:
      return JSON.stringify(value);
    case Scalar.QUOTE_SINGLE:
      return `'${value.replaceAll("'", "''")}'`;
    default:
      return isPlain(value) ? value : JSON.stringify(value);
  }
}

/** Whether YAML 1.1 (with timestamps and base-60 numbers) and YAML 1.2 both read the text without quotes as this string. */
function isPlain(value: string): boolean {
  return !/[,[\]{}\n]/.test(value) && (['1.1', '1.2'] as const).every((version) => readAlone(value, version) === value);
}

function readAlone(text: string, version: '1.1' | '1.2'): unknown {
  try {
    return parse(text, { version, logLevel: 'error' });
  } catch {
    return undefined;
  }
}
