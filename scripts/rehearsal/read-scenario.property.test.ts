import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyText, examples } from '../../api/testing/fuzz.ts';
import { RehearsalError } from './errors.ts';
import { readScenario } from './read-scenario.ts';

const folder = new URL('scenarios/', import.meta.url);
const shipped = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
const scrap = fc.oneof(
  anyText({ maxLength: 10 }),
  fc.constantFrom(
    'x: *none\n',
    'x: &x [*x]\n',
    '- ',
    '\n',
    '---\n',
    '{',
    '"',
    '|',
    ': ',
    '!!int x',
    '  ',
    '\t',
    '#',
    'expect:\n',
    '-1',
    '[]',
    'null',
  ),
);
/** A shipped scenario with something else in the place of a few characters. */
const mangled = fc
  .tuple(fc.constantFrom(...shipped), fc.nat({ max: 600 }), fc.nat({ max: 20 }), scrap)
  .map(([text, from, length, piece]) => text.slice(0, from) + piece + text.slice(from + length));

test.each([
  [
    'any text',
    fc.oneof(
      anyText(),
      fc.array(scrap).map((pieces) => pieces.join('')),
    ),
    100,
  ],
  ['a mangled scenario', mangled, 100],
])('%s is read or refused with its file and line', (_, texts, count) => {
  fc.assert(
    fc.property(texts, (text) => {
      try {
        expect(readScenario('dir/mine.yaml', text).name).toBe('mine');
      } catch (error) {
        if (!(error instanceof RehearsalError)) {
          throw error;
        }
        expect(error.message).toMatch(/^dir\/mine\.yaml:\d+:\d+: /);
      }
    }),
    examples(count),
  );
});
