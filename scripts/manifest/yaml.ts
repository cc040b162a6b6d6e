import {
  type Document,
  type DocumentOptions,
  LineCounter,
  type ParseOptions,
  parseAllDocuments,
  type SchemaOptions,
} from 'yaml';

/**
 * As Kubernetes reads YAML (sigs.k8s.io/yaml on go-yaml 2): YAML 1.1 words (`on` and `yes` are booleans, 0755 is octal) and merge
 * keys, but neither base-60 numbers nor timestamps nor the 1.1 collection types.
 */
const OPTIONS: ParseOptions & DocumentOptions & SchemaOptions = {
  schema: 'yaml-1.1',
  // Otherwise the library prints warnings to the console.
  logLevel: 'error',
  merge: true,
  customTags: (tags) =>
    tags.filter((tag) => {
      const isNumberWithColons = typeof tag === 'object' && 'format' in tag && tag.format === 'TIME';
      const name = typeof tag === 'object' ? tag.tag : `tag:yaml.org,2002:${tag}`;
      return !isNumberWithColons && !/:(timestamp|binary|omap|pairs|set)$/.test(name);
    }),
};

/** 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ParsedText {
  /** In the order of the file; empty documents are included. */
  readonly documents: readonly Document[];
  readonly positionOf: (offset: number) => Position;
}

/** The documents of a YAML or JSON text. Syntax errors are in each document's `errors`, and nothing throws. */
export function parseYaml(text: string): ParsedText {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { ...OPTIONS, lineCounter });
  return {
    documents: Array.isArray(documents) ? documents : [],
    positionOf: (offset) => {
      const { line, col } = lineCounter.linePos(offset);
      return { line, column: col };
    },
  };
}
