import { describe, expect, test } from '@jest/globals';
import { EditError, editScalar } from './edit.ts';

const edit = (text: string, value: string | number, path: readonly (string | number)[] = ['a']) =>
  editScalar(text, { documentIndex: 0, path }, value);

describe('editScalar', () => {
  test.each([
    ['a plain scalar, its comment kept', 'a: old  # why\nb: 1\n', 'new:2', 'a: new:2  # why\nb: 1\n'],
    ['double quotes', 'a: "old" # why\n', 'x"y', 'a: "x\\"y" # why\n'],
    ['single quotes', "a: 'old'\n", "it's", "a: 'it''s'\n"],
    ['empty quotes', 'a: "" # why\n', 'new', 'a: "new" # why\n'],
    ['CRLF', '# c\r\na: old\r\nb: 1\r\n', 'new', '# c\r\na: new\r\nb: 1\r\n'],
    ['a byte order mark', '\uFEFFa: old\n', 'new', '\uFEFFa: new\n'],
    ['no newline at the end', 'a: old', 'new', 'a: new'],
    ['an anchor and a tag', 'a: &x !!str old # c\nb: *x\n', 'new', 'a: &x !!str new # c\nb: *x\n'],
    ['an alias, at its anchor', 'b: &x old # c\na: *x\n', 'new', 'b: &x new # c\na: *x\n'],
    ['a flow map', '{a: old, b: 1}\n', 'new', '{a: new, b: 1}\n'],
    ['JSON', '{"a": "old", "b": 1}\n', 'new', '{"a": "new", "b": 1}\n'],
    ['a number', 'a: 8080 # port\n', 9000, 'a: 9000 # port\n'],
  ])('keeps %s', (_, text, value, edited) => {
    expect(edit(text, value)).toBe(edited);
  });

  test.each([
    '1.0',
    '1e3',
    'on',
    'y',
    'null',
    '~',
    '12:30',
    '2026-11-23T15:04:05Z',
    '0x1f',
    '',
    'a: b',
    'a #b',
    '[a]',
    '*a',
    '@a',
  ])('quotes %j where a plain scalar would not stay that string', (value) => {
    expect(edit('a: old\n', value)).toBe(`a: ${JSON.stringify(value)}\n`);
  });

  test('finds its document, and values in lists', () => {
    const text = 'a: 1\n---\na:\n  - name: x\n  - name: y # here\n';
    const edited = editScalar(text, { documentIndex: 1, path: ['a', 1, 'name'] }, 'z');
    expect(edited).toBe('a: 1\n---\na:\n  - name: x\n  - name: z # here\n');
  });

  test.each([
    ['a literal block', 'a: |\n  old\n', 'one line'],
    ['a folded block', 'a: >-\n  old\n', 'one line'],
    ['a scalar of two lines', 'a: old\n  more\n', 'one line'],
    ['a quoted scalar of two lines', 'a: "old\n  more"\n', 'one line'],
    ['a value that is missing', 'b: 1\n', 'written out'],
    ['a value left out', 'a:\nb: 1\n', 'written out'],
    ['a map', 'a:\n  b: 1\n', 'written out'],
    ['a value of a merge key', 'x: &x {a: 1}\n<<: *x\n', 'written out'],
  ])('refuses %s', (_, text, reason) => {
    expect(() => edit(text, 'new')).toThrow(reason);
  });

  test('refuses a number in quotes: it would be a string', () => {
    expect(() => edit('a: !!str 1\n', 2)).toThrow('without changing more');
  });

  test.each([
    ['an alias without anchor', 'x: *none\na: old\n', 'Unresolved alias'],
    [
      'anchors that multiply',
      `b0: &b0 [x]\n${Array.from({ length: 8 }, (_, index) => `b${index + 1}: &b${index + 1} [${Array(9).fill(`*b${index}`).join(', ')}]\n`).join('')}a: old\n`,
      'Excessive alias count',
    ],
  ])('refuses a file with %s', (_, text, reason) => {
    expect(() => edit(text, 'new')).toThrow(EditError);
    expect(() => edit(text, 'new')).toThrow(reason);
  });
});
