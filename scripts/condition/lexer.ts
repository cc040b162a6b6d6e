import { ESCAPES } from '../go/text.ts';
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
/**
 * White space is what Go's `unicode.IsSpace` accepts. A dot belongs to a number unless a second one follows: `1..3` is a range. Any word
 * may follow `#`.
 */
const TOKEN = new RegExp(
  [
    String.raw`(?:(?!\ufeff)[\s\u0085]|//[^\n]*|/\*[\s\S]*?\*/)+`,
    String.raw`(?<number>0[xX]${WORD}|\.?\d(?:[eE][+\-]|${WORD.slice(0, -1)}|\.(?!\.))*)`,
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
      const plain = one === quote ? quote : ESCAPES[one ?? ''];
      const code = Number.parseInt(long ?? short ?? braced ?? byte ?? octal ?? '', octal === undefined ? 16 : 8);
      if (plain === undefined && !(code <= 0x10ffff)) {
        throw new ConditionSyntaxError(one === undefined ? 'unable to unescape string' : 'invalid char escape', offset);
      }
      return plain ?? String.fromCodePoint(code).toWellFormed();
    },
  );
}

/** The tokens of an expression, the last one `end`. Throws `ConditionSyntaxError`. Mirrors `parser/lexer` of expr v1.17.7. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const { 0: found, index: offset, groups } of text.matchAll(TOKEN)) {
    end = offset + found.length;
    const { number, word, text: quoted, raw, pointer, operator } = groups as Partial<Record<string, string>>;
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

/** Reads the tokens of a condition in order; `next` stays at the last one, `end`. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #position = 0;

  /** Throws `ConditionSyntaxError`. */
  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  get current(): Token {
    return this.#tokens[this.#position] as Token;
  }

  /** The token after the current one. */
  get following(): Token {
    return this.#tokens[this.#position + 1] ?? this.current;
  }

  next(): Token {
    const token = this.current;
    this.#position += Number(token.kind !== 'end');
    return token;
  }

  /** Whether the current token is one of these operators or brackets. */
  is(...texts: readonly string[]): boolean {
    return this.current.kind === 'operator' && texts.includes(this.current.text);
  }

  /** Skips the current token if it is this operator or bracket, and returns whether it was. */
  take(text: string): boolean {
    return this.is(text) && this.next() !== undefined;
  }

  /** Skips this operator or bracket. Throws `ConditionSyntaxError` if the current token is another. */
  expect(text: string): void {
    if (!this.take(text)) {
      throw this.unexpected();
    }
  }

  name(): string {
    if (this.current.kind !== 'identifier') {
      throw this.unexpected();
    }
    return this.next().text;
  }

  unexpected(): ConditionSyntaxError {
    const { kind, text, offset } = this.current;
    return new ConditionSyntaxError(`unexpected ${kind === 'end' ? 'end of the expression' : `'${text}'`}`, offset);
  }
}
