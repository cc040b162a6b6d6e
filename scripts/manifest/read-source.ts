import type { Json, JsonMap } from './json.ts';
import { at, isMap, listAt, textAt } from './json.ts';
import { createManifest, type Manifest, type Source } from './manifest.ts';
import { parseYaml } from './yaml.ts';

/** The contents of a text: its objects, notes on what was skipped, and errors. */
export interface Reading {
  readonly manifests: readonly Manifest[];
  /** `file: …` or `file:line: …` each: what was skipped and why. They are not findings. */
  readonly notes: readonly string[];
  /** `file:line:column: …` each: why the text could not be read. */
  readonly errors: readonly string[];
}

/** Text that occurs only in Helm templates: values, helpers, control structures. */
const HELM =
  /\{\{-?\s*(\.Values\b|\.Release\b|\.Chart\b|include\s|template\s|define\s|toYaml\s|if\s|with\s|range\s|end\s*-?\}\})/;

const NO_OBJECT = 'not a Kubernetes object (it has no `apiVersion` and `kind`), not checked';

/**
 * The Kubernetes objects of a YAML or JSON text, in order; a List is replaced by its items. Never throws: a text that cannot be read
 * gives errors, and a Helm template or a document that is not an object gives a note.
 */
export function readSource(source: Source): Reading {
  const { file, text } = source;
  if (text.includes('\0') || text.includes('\uFFFD')) {
    return { manifests: [], notes: [], errors: [`${file}:1:1: not a text file (it must be UTF-8 YAML or JSON)`] };
  }
  const parsed = parseYaml(text);
  const syntaxErrors = parsed.documents.flatMap((document) =>
    document.errors.map((error) => {
      const { line, column } = parsed.positionOf(error.pos[0]);
      return `${file}:${line}:${column}: ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`;
    }),
  );
  if (syntaxErrors.length > 0 && HELM.test(text)) {
    const note = `${file}: a Helm template, not checked: render its chart first (helm template CHART | npm run verify -- -)`;
    return { manifests: [], notes: [note], errors: [] };
  }
  const manifests: Manifest[] = [];
  const notes: string[] = [];
  const errors = [...syntaxErrors];
  for (const [documentIndex, document] of parsed.documents.entries()) {
    if (document.errors.length > 0) {
      continue;
    }
    const { line, column } = parsed.positionOf(document.contents?.range?.[0] ?? 0);
    try {
      const value = (document.toJS() ?? null) as Json;
      if (isObject(value)) {
        manifests.push(...openList(source, documentIndex, value));
        notes.push(...listNotes(file, value));
      } else if (value !== null && !isPromtoolTest(value)) {
        notes.push(`${file}:${line}: ${NO_OBJECT}`);
      }
    } catch (error) {
      // The library throws for anchors that expand without end and for an alias without an anchor.
      errors.push(`${file}:${line}:${column}: ${(error as Error).message}`);
    }
  }
  if (parsed.documents.every(({ contents, errors }) => contents === null && errors.length === 0)) {
    notes.push(`${file}: empty, nothing to check`);
  }
  return { manifests, notes, errors };
}

function isObject(value: Json): value is JsonMap {
  return isMap(value) && textAt(value, ['apiVersion']) !== undefined && textAt(value, ['kind']) !== undefined;
}

/** The input of `promtool test rules`, which has no kind. */
function isPromtoolTest(value: Json): boolean {
  return at(value, ['rule_files']) !== undefined && at(value, ['tests']) !== undefined;
}

function isList({ kind, apiVersion }: JsonMap): boolean {
  return kind === 'List' && apiVersion === 'v1';
}

function openList(source: Source, documentIndex: number, object: JsonMap): readonly Manifest[] {
  if (!isList(object)) {
    return [createManifest(source, documentIndex, [], object)];
  }
  return listAt(object, ['items']).flatMap((item, index) =>
    isObject(item) ? [createManifest(source, documentIndex, ['items', index], item)] : [],
  );
}

function listNotes(file: string, object: JsonMap): readonly string[] {
  return (isList(object) ? listAt(object, ['items']) : []).flatMap((item, index) =>
    isObject(item) ? [] : [`${file}: items[${index}] of a List is ${NO_OBJECT}`],
  );
}
