import { ESCAPES } from '../go/escapes.ts';
import { ConditionSyntaxError } from './errors.ts';

type TokenKind = 'number' | 'string' | 'identifier' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The contents of a string, unescaped; any other token as it is written. A bracket is an operator. */
  readonly text: string;
  /** 0-based. */
  readonly offset: number;
}

const WORD = String.raw`[\p{L}\p{Nd}_$]+`;
/** A dot belongs to a number unless a second one follows: `1..3` is a range. */
const numberOf = (start: string, digit: string) =>
  String.raw`${start}${digit}*(?:(?=\.\.)|(?:\.${digit}*)?(?:[eE][+\-]?${digit}*)?)`;
const NUMBERS = [
  numberOf('0[xX]', String.raw`[\da-fA-F_]`),
  numberOf('0[oO]', '[0-7_]'),
  numberOf('0[bB]', '[01_]'),
  numberOf(String.raw`\d`, String.raw`[\d_]`),
].join('|');
/** White space is what Go's `unicode.IsSpace` accepts. Any word may follow `#`; a word right after a number is an error. */
const TOKEN = new RegExp(
  [
    String.raw`(?:(?!\ufeff)[\s\u0085]|//[^\n]*|/\*[\s\S]*?\*/)+`,
    String.raw`(?<number>(?:\.(?=\d))?(?:${NUMBERS}))(?<tail>${WORD})?`,
    `(?<word>${WORD})`,
    String.raw`(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')`,
    '(?<raw>`(?:[^`]|``)*`)',
    `#(?!#)(?<pointer>${WORD})?`,
    String.raw`(?<operator>\?\.|\?\?|\|\||::|[&!=*<>][&=*]?|\.\.|##|(?!/\*)[?|.\/()[\]{},:;%+\-^])`,
  ].join('|'),
  'gsuy',
);
const WORD_OPERATORS = new Set('not in or and matches contains startsWith endsWith let if else'.split(' '));
const ESCAPE =
  /\\(?:U([\da-fA-F]{8})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|x([\da-fA-F]{2})|([0-3][0-7]{2})|(.?))/gsu;

/** The contents of a quoted text with Go's escapes replaced. Throws `ConditionSyntaxError` for any other escape. */
function unescapeText(quoted: string, offset: number): string {
  const quote = quoted.charAt(0);
  const body = quoted.slice(1, -1).replaceAll('\r', '\n');
  return body.replace(
    ESCAPE,
    (_, long?: string, short?: string, braced?: string, byte?: string, octal?: string, one?: string) => {
      if (one !== undefined) {
        const plain = one === quote ? quote : ESCAPES[one];
        if (plain === undefined) {
          throw new ConditionSyntaxError('invalid char escape', offset);
        }
        return plain;
      }
      const code = Number.parseInt(long ?? short ?? braced ?? byte ?? octal ?? '', octal === undefined ? 16 : 8);
      if (code > 0x10ffff) {
        throw new ConditionSyntaxError('unable to unescape string', offset);
      }
      return String.fromCodePoint(code).toWellFormed();
    },
  );
}

/** The tokens of an expression, the last one `end`. Throws `ConditionSyntaxError`. Mirrors `parser/lexer` of expr v1.17.7. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const { 0: found, index: offset, groups } of text.matchAll(TOKEN)) {
    end = offset + found.length;
    const { number, tail, word, text: quoted, raw, pointer, operator } = groups as Partial<Record<string, string>>;
    if (tail !== undefined) {
      throw new ConditionSyntaxError(`bad number syntax: "${found}"`, offset + found.length - tail.length);
    }
    if (number !== undefined) {
      tokens.push({ kind: 'number', text: number, offset });
    } else if (word !== undefined) {
      tokens.push({ kind: WORD_OPERATORS.has(word) ? 'operator' : 'identifier', text: word, offset });
    } else if (quoted !== undefined) {
      tokens.push({ kind: 'string', text: unescapeText(quoted, offset), offset });
    } else if (raw !== undefined) {
      tokens.push({ kind: 'string', text: raw.slice(1, -1).replaceAll('``', '`'), offset });
    } else if (operator !== undefined || found.startsWith('#')) {
      tokens.push({ kind: 'operator', text: operator ?? '#', offset });
    }
    if (pointer !== undefined) {
      tokens.push({ kind: 'identifier', text: pointer, offset: offset + 1 });
    }
  }
  if (end < text.length) {
    const message = text.startsWith('/*', end)
      ? 'unclosed comment'
      : /["'`]/.test(text.charAt(end))
        ? 'literal not terminated'
        : `unrecognized character: ${JSON.stringify(text[end])}`;
    throw new ConditionSyntaxError(message, end);
  }
  return [...tokens, { kind: 'end', text: 'EOF', offset: text.length }];
}
