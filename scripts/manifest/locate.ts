import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Path } from './json.ts';
import type { Manifest } from './manifest.ts';
import { type ParsedText, type Position, parseYaml } from './yaml.ts';

/** Which end of `key: value` a finding points at. */
export type PointAt = 'key' | 'value';

/**
 * Finds the line and column of a path in a manifest's file. A missing field points at its nearest existing parent; what an
 * alias or a merge key brings points at where it is written. Parses the text again, for findings are few and keeping every
 * file's tree is not cheap; one file is remembered.
 */
export function createLocator(): (manifest: Manifest, path: Path, pointAt?: PointAt) => Position {
  let last: { text: string; parsed: ParsedText } | undefined;
  return (manifest, path, pointAt = 'value') => {
    const { text } = manifest.source;
    if (last?.text !== text) {
      last = { text, parsed: parseYaml(text) };
    }
    const document = last.parsed.documents[manifest.documentIndex] as Document;
    return last.parsed.positionOf(offsetOf(document, [...manifest.root, ...path], pointAt));
  };
}

function offsetOf(document: Document, path: Path, pointAt: PointAt): number {
  let node = resolve(document, document.contents);
  let offset = node?.range?.[0] ?? 0;
  for (const [index, part] of path.entries()) {
    if (isSeq(node) && typeof part === 'number') {
      const item = node.items[part];
      if (item === undefined) {
        return offset;
      }
      node = resolve(document, isPair(item) ? undefined : (item as Node));
      offset = node?.range?.[0] ?? offset;
      continue;
    }
    const pair = findPair(document, node, String(part));
    if (pair === undefined) {
      return offset;
    }
    const keyOffset = (pair.key as Node).range?.[0] ?? offset;
    node = resolve(document, pair.value as Node | null);
    const isLast = index === path.length - 1;
    offset = isLast && pointAt === 'value' && hasText(node) ? (node?.range?.[0] ?? keyOffset) : keyOffset;
  }
  return offset;
}

/** A value that was left out (`key:`) has no place of its own; a block map or list starts on a later line: both point at their key. */
function hasText(node: Node | undefined): boolean {
  return (isScalar(node) && node.source !== '') || ((isMap(node) || isSeq(node)) && node.flow === true);
}

function resolve(document: Document, node: Node | null | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(document) : (node ?? undefined);
}

function findPair(document: Document, node: Node | undefined, key: string): Pair | undefined {
  if (!isMap(node)) {
    return undefined;
  }
  const own = node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  if (own !== undefined) {
    return own;
  }
  for (const pair of node.items) {
    if (isScalar(pair.key) && pair.key.value === '<<') {
      const merged = resolve(document, pair.value as Node);
      const sources = isSeq(merged) ? merged.items.map((item) => resolve(document, item as Node)) : [merged];
      for (const source of sources) {
        const found = findPair(document, source, key);
        if (found !== undefined) {
          return found;
        }
      }
    }
  }
  return undefined;
}
