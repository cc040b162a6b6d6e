import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyText, examples } from '../../api/testing/fuzz.ts';
import { EditError, editScalar, scalarAt } from './edit.ts';
import { parseYaml } from './yaml.ts';

/** A value as a person may write it, and how it is read. */
const written = fc.oneof(
  fc.constantFrom(
    'old',
    'ghcr.io/a/b:1.0',
    '1.0',
    '8080',
    'true',
    'on',
    '~',
    '2026-11-23T15:04:05Z',
    'a b',
    "it's",
    'é #x',
  ),
  anyText({ maxLength: 8 }).map((text) => JSON.stringify(text)),
  fc.string({ maxLength: 8 }).map((text) => `'${text.replaceAll("'", "''")}'`),
  fc.constantFrom(
    '!!str 1',
    '&x old',
    '&x "old"',
    '*anchor',
    '"\\u00e9\\n"',
    '[a, b]',
    '{a: b}',
    '',
    '|\n    text',
    '>-\n    text\n    more',
  ),
);
const comment = fc.constantFrom('', '', ' # why', '  #', '\t# tab', ' # "quoted: [');
/** What may stand around, each at most once: a key must not come twice. */
const FILLERS = [
  '# comment',
  '',
  'other: &anchor value # anchored',
  'sequence:\n- 1 # one\n-   {a: "b"}',
  'block: |\n  # no comment\n  text',
  'folded: >-\n\n  text\n   more\n',
  'flow: [1,\n  2] # behind',
  "\"quoted key\" : 'it''s'",
  '? complex\n: value',
  'merged: &m {a: 1}',
  '   # indented',
];
/** What makes most files no file. */
const rare = fc.oneof({ weight: 8, arbitrary: fc.constant([]) }, fc.constantFrom(['---'], ['...'], ['\tx'], ['z: [']));
const next = fc.oneof(
  anyText({ maxLength: 12 }),
  fc.constantFrom(
    'ghcr.io/a/b@sha256:0',
    '1.0',
    'null',
    'on',
    'a: b',
    'a #b',
    '- x',
    '',
    "'",
    '"',
    '\\',
    '\u0085',
    '\uFEFFx',
    '\r',
    ' x',
    'x ',
    '*x',
    '&x',
    '!x',
    '%x',
    '@x',
    '?',
    '---',
  ),
  fc.integer(),
);

/** A file with a value under `spec.image`, in lines of every kind around it. */
const file = fc
  .record({
    around: fc.shuffledSubarray(FILLERS),
    split: fc.nat({ max: 4 }),
    rare,
    value: written,
    comment,
    end: fc.constantFrom('\n', '\r\n'),
    first: fc.constantFrom('', '\uFEFF', '%YAML 1.1\n---\n', '# head\n'),
    isFlow: fc.boolean(),
  })
  .map(({ around, split, rare: odd, value, comment, end, first, isFlow }) => {
    const line = isFlow
      ? `spec: {name: x, image: ${value} }${comment}`
      : `spec:\n  name: x\n  image: ${value}${comment}`;
    return `${first}${[...around.slice(0, split), line, ...odd, ...around.slice(split)].join('\n')}\n`.replaceAll(
      '\n',
      end,
    );
  });

const PATH = ['spec', 'image'];
const valuesOf = (text: string) => parseYaml(text).documents.map((document) => document.toJS());

describe('editScalar', () => {
  test.each([
    ['in files as people write them', file, 250, 50],
    ['in any text', anyText({ maxLength: 30 }), 100, 0],
  ])('changes the value asked for and not a byte outside it, or nothing: %s', (_, texts, count, least) => {
    let edits = 0;
    fc.assert(
      fc.property(texts, next, fc.constantFrom(0, 0, 0, 1), (text, value, documentIndex) => {
        const node = scalarAt(parseYaml(text).documents[documentIndex], PATH);
        let edited: string;
        try {
          edited = editScalar(text, { documentIndex, path: PATH }, value);
        } catch (error) {
          expect(error).toBeInstanceOf(EditError);
          return;
        }
        edits += 1;
        // Every byte before and behind what was written stays.
        const [from, to] = node?.range ?? [0, 0];
        const behind = text.slice(to);
        expect(edited.slice(0, from)).toBe(text.slice(0, from));
        expect(edited.slice(edited.length - behind.length)).toBe(behind);
        expect(edited.length).toBeGreaterThanOrEqual(from + behind.length);
        // Read again, this value is what was asked for.
        const values = valuesOf(edited);
        expect(values[documentIndex]).toMatchObject({ spec: { image: value } });
        expect(values).toHaveLength(valuesOf(text).length);
      }),
      examples(count),
    );
    expect(edits).toBeGreaterThanOrEqual(least);
  });
});
