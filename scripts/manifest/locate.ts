import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Path } from './json.ts';
import type { Manifest } from './manifest.ts';
import { type ParsedText, type Position, parseYaml } from './yaml.ts';

/** A part of a text: the position of its first character, and in `end` that of the one after its last. */
export interface Region extends Position {
  readonly end: Position;
}

/** Which end of `key: value` a finding points at. */
export type PointAt = 'key' | 'value';

/** Where an object is written. */
type Located = Pick<Manifest, 'source' | 'documentIndex' | 'root'>;

/**
 * Finds the line and column of a path in a manifest's file. A missing field points at its nearest existing parent; a value that comes
 * through an alias or a merge key points at where it is written. The text is parsed again, and the last file's tree is kept: findings
 * are few, and keeping the tree of every file would cost memory.
 */
export function createLocator(): (manifest: Located, path: Path, pointAt?: PointAt) => Region {
  let last: { text: string; parsed: ParsedText } | undefined;
  return (manifest, path, pointAt = 'value') => {
    const { text } = manifest.source;
    if (last?.text !== text) {
      last = { text, parsed: parseYaml(text) };
    }
    const document = last.parsed.documents[manifest.documentIndex] as Document;
    const [start, end] = rangeOf(document, [...manifest.root, ...path], pointAt);
    return { ...last.parsed.positionOf(start), end: last.parsed.positionOf(end) };
  };
}

/** 0-based offsets of the first character, and of the one after the last. */
type Range = readonly [start: number, end: number];

function rangeOf(document: Document, path: Path, pointAt: PointAt): Range {
  let node = resolve(document, document.contents);
  let range = textRange(node) ?? [0, 0];
  for (const [index, part] of path.entries()) {
    if (isSeq(node) && typeof part === 'number') {
      const item = node.items[part];
      if (item === undefined) {
        return range;
      }
      node = resolve(document, isPair(item) ? undefined : (item as Node));
      range = textRange(node) ?? range;
      continue;
    }
    const pair = pairsOf(document, node).find(({ key }) => isScalar(key) && String(key.value) === String(part));
    if (pair === undefined) {
      return range;
    }
    const keyRange = textRange(pair.key as Node) ?? range;
    node = resolve(document, pair.value as Node | null);
    const isLast = index === path.length - 1;
    range = isLast && pointAt === 'value' && hasText(node) ? (textRange(node) ?? keyRange) : keyRange;
  }
  return range;
}

/** The range of a node. Of a block map or list only its first key or item, because the whole may be half the file. */
function textRange(node: Node | undefined): Range | undefined {
  if (node?.range == null) {
    return undefined;
  }
  const [start, end] = node.range;
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const [first] = node.items;
    return [start, textRange((isPair(first) ? first.key : first) as Node | undefined)?.[1] ?? start];
  }
  return [start, end];
}

/** An empty value (`key:`) has no position, and a block map or list starts on a later line. Both point at their key. */
function hasText(node: Node | undefined): boolean {
  return (isScalar(node) && node.source !== '') || ((isMap(node) || isSeq(node)) && node.flow === true);
}

function resolve(document: Document, node: Node | null | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(document) : (node ?? undefined);
}

/** The pairs of a map, its own before those that merge keys bring in. */
function pairsOf(document: Document, node: Node | undefined): readonly Pair[] {
  if (!isMap(node)) {
    return [];
  }
  const merged = node.items
    .filter(({ key }) => isScalar(key) && key.value === '<<')
    .flatMap(({ value }) => {
      const source = resolve(document, value as Node);
      return isSeq(source) ? (source.items as Node[]) : [source];
    });
  return [...node.items, ...merged.flatMap((source) => pairsOf(document, resolve(document, source)))];
}
