import { ESCAPES } from '../go/escapes.ts';
import { ConditionSyntaxError } from './errors.ts';

export type TokenKind = 'number' | 'string' | 'identifier' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Strings unescaped, everything else as written; brackets are operators. */
  readonly text: string;
  /** 0-based. */
  readonly offset: number;
}

/** White space as Go has it. */
const SPACE = String.raw`(?!\ufeff)[\s\u0085]`;
const SKIP = new RegExp(String.raw`(?:${SPACE}|//[^\n]*|/\*[\s\S]*?\*/)+`, 'y');
/** A dot belongs to a number unless a second one follows: `1..3` is a range. */
const numberOf = (start: string, digit: string) =>
  String.raw`${start}${digit}*(?:(?=\.\.)|(?:\.${digit}*)?(?:[eE][+-]?${digit}*)?)`;
const NUMBER = new RegExp(
  String.raw`(?:\.(?=\d))?(?:${numberOf('0[xX]', String.raw`[\da-fA-F_]`)}|${numberOf('0[oO]', '[0-7_]')}|${numberOf('0[bB]', '[01_]')}|${numberOf(String.raw`\d`, String.raw`[\d_]`)})`,
  'y',
);
const WORD = /[\p{L}\p{Nd}_$]+/uy;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/sy;
const RAW_STRING = /`(?:[^`]|``)*`/y;
const OPERATOR = /\?\.|\?\?|\|\||::|[&!=*<>][&=*]?|\.\.|##|[?|.#/()[\]{},:;%+\-^]/y;
const WORD_OPERATORS = new Set('not in or and matches contains startsWith endsWith let if else'.split(' '));
const ESCAPE =
  /\\(?:U([\da-fA-F]{8})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|x([\da-fA-F]{2})|([0-3][0-7]{2})|(.?))/gsu;

/** Go's escapes of characters, the quote around the text, and no others. Throws `ConditionSyntaxError`. */
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
  let offset = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = offset;
    return pattern.exec(text)?.[0];
  };
  const take = (kind: TokenKind, pattern: RegExp, textOf = (word: string) => word) => {
    const word = match(pattern);
    if (word !== undefined) {
      tokens.push({ kind, text: textOf(word), offset });
      offset += word.length;
    }
    return word;
  };
  const fail = (message: string) => new ConditionSyntaxError(message, offset);
  for (;;) {
    offset += match(SKIP)?.length ?? 0;
    if (offset >= text.length) {
      tokens.push({ kind: 'end', text: 'EOF', offset });
      return tokens;
    }
    if (text.startsWith('/*', offset)) {
      throw fail('unclosed comment');
    }
    const number = take('number', NUMBER);
    if (number !== undefined) {
      if (match(WORD) !== undefined) {
        throw fail(`bad number syntax: "${number}${match(WORD)}"`);
      }
      continue;
    }
    const word = match(WORD) ?? '';
    const isFound =
      take(WORD_OPERATORS.has(word) ? 'operator' : 'identifier', WORD) ??
      take('string', STRING, (quoted) => unescapeText(quoted, offset)) ??
      take('string', RAW_STRING, (raw) => raw.slice(1, -1).replaceAll('``', '`')) ??
      take('operator', OPERATOR);
    if (isFound === undefined) {
      throw fail(
        /["'`]/.test(text.charAt(offset))
          ? 'literal not terminated'
          : `unrecognized character: ${JSON.stringify(text[offset])}`,
      );
    }
    if (isFound === '#') {
      // The name of a pointer may be any word.
      take('identifier', WORD);
    }
  }
}
