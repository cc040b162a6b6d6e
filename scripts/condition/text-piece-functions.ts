import { spend } from './budget.ts';
import { fail, type NamedFunction, refuse } from './condition-function.ts';
import { listAs } from './list-origin.ts';
import { isList, type Type, type Value } from './types.ts';

/** The language's functions that look for texts in texts, and take them apart or put them together. */
export const TEXT_PIECE_FUNCTIONS: readonly NamedFunction[] = [
  ofTexts('hasPrefix', 'bool', [2, 2], ([text, start]) => text.startsWith(start)),
  ofTexts('hasSuffix', 'bool', [2, 2], ([text, end]) => text.endsWith(end)),
  ofTexts('indexOf', 'int', [2, 2], ([text, part]) => bytesBefore(text, text.indexOf(part))),
  ofTexts('lastIndexOf', 'int', [2, 2], ([text, part]) => bytesBefore(text, text.lastIndexOf(part))),
  ofTexts('trim', 'string', [1, 2], ([text, characters]: readonly [string, string?, string?]) =>
    characters === undefined ? text.trim() : trim(text, characters),
  ),
  ofTexts('trimPrefix', 'string', [1, 2], ([text, start = ' ']) =>
    text.startsWith(start) ? text.slice(start.length) : text,
  ),
  ofTexts('trimSuffix', 'string', [1, 2], ([text, end = ' ']) =>
    text.endsWith(end) ? text.slice(0, text.length - end.length) : text,
  ),
  ofTexts('replace', 'string', [3, 3], ([text, from, to = '']) => {
    spend(text.length * (to.length + 1));
    return text.replaceAll(from, () => to);
  }),
  ofTexts('split', { list: 'string' }, [2, 2], ([text, separator]) =>
    listAs('string', separator === '' ? [...text] : text.split(separator)),
  ),
  [
    'repeat',
    {
      arity: [2, 2],
      type: ([text, count]) =>
        !isText(text)
          ? refuse('repeat', text)
          : count === 'int' || count === 'any'
            ? 'string'
            : refuse('repeat', count),
      run: ([text, count]) => {
        if (typeof text !== 'string' || typeof count !== 'bigint' || count < 0n) {
          fail('repeat', typeof text === 'string' ? count : text);
        }
        spend(text.length * Number(count) + Number(count));
        return text.repeat(Number(count));
      },
    },
  ],
  [
    'join',
    {
      arity: [1, 2],
      type: ([list, separator = 'string']) => {
        const isOfTexts = list !== undefined && isList(list) && (list.list === 'string' || list.list === 'any');
        return isText(separator) && (list === 'any' || list === 'nil' || isOfTexts) ? 'string' : refuse('join', list);
      },
      run: ([list, separator = '']) => join(list, separator),
    },
  ],
];

const isText = (type: Type | undefined) => type === 'string' || type === 'any' || type === 'nil';

/** As many as the function's arity lets through. */
type Texts = readonly [string, string, string?];

/** A function of nothing but texts, the last of which may be left out. */
function ofTexts(
  name: string,
  answer: Type,
  arity: readonly [number, number],
  run: (texts: Texts) => Value,
): NamedFunction {
  return [
    name,
    {
      arity,
      type: (args) =>
        args.every(isText)
          ? answer
          : refuse(
              name,
              args.find((type) => !isText(type)),
            ),
      run: (args) =>
        run(args.map((value) => (typeof value === 'string' ? value : fail(name, value))) as unknown as Texts),
    },
  ];
}

/** Go counts bytes of UTF-8. */
function bytesBefore(text: string, index: number): bigint {
  return index === -1 ? -1n : BigInt(new TextEncoder().encode(text.slice(0, index)).length);
}

/** Without any of these characters at either end. */
function trim(text: string, characters: string): string {
  const cut = new Set(characters);
  const all = [...text];
  const isKept = (character: string) => !cut.has(character);
  return all.slice(Math.max(all.findIndex(isKept), 0), all.findLastIndex(isKept) + 1).join('');
}

function join(list: Value | undefined, separator: Value): string {
  if (!Array.isArray(list) || typeof separator !== 'string') {
    fail('join', list);
  }
  const texts = list.map((item) => (typeof item === 'string' ? item : fail('join', item)));
  spend(texts.reduce((sum, text) => sum + text.length + separator.length, 0));
  return texts.join(separator);
}
