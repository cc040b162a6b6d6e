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

const SKIP = /(?:[ \t\r\n]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/y;
/** A dot belongs to a number unless a second one follows: `1..3` is a range. */
const NUMBER = /0[xX][\da-fA-F_]*|(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?[\d_]*)?/y;
const WORD = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
const OPERATOR = /\?\.|\?\?|\|\||[&!=*<>][&=*]?|\.\.|[?|.#/()[\]{},:;%+\-^]/y;
const WORD_OPERATORS = new Set(['not', 'in', 'or', 'and', 'matches', 'contains', 'startsWith', 'endsWith', 'let']);
const ESCAPE = /\\(?:U([\da-fA-F]{8})|u([\da-fA-F]{4})|[xX]([\da-fA-F]{2})|([0-3][0-7]{2})|([abfnrtv\\'"`?])|.)/gu;

/** Go's escapes of characters, and no others. Throws `ConditionSyntaxError`. */
function unescapeText(body: string, offset: number): string {
  return body.replace(ESCAPE, (_, long?: string, short?: string, byte?: string, octal?: string, one?: string) => {
    const code = Number.parseInt(long ?? short ?? byte ?? octal ?? '', octal === undefined ? 16 : 8);
    if (one === undefined && !(code <= 0x10ffff)) {
      throw new ConditionSyntaxError('unable to unescape string', offset);
    }
    return one === undefined ? String.fromCodePoint(code) : (ESCAPES[one] ?? one);
  });
}

/** The tokens of an expression, the last one `end`. Throws `ConditionSyntaxError`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = offset;
    return pattern.exec(text)?.[0];
  };
  while (offset < text.length) {
    const skipped = match(SKIP);
    if (skipped !== undefined) {
      offset += skipped.length;
      continue;
    }
    if (text.startsWith('/*', offset)) {
      throw new ConditionSyntaxError('unclosed comment', offset);
    }
    const start = offset;
    const add = (kind: TokenKind, word: string, value = word) => {
      tokens.push({ kind, text: value, offset: start });
      offset += word.length;
    };
    const number = match(NUMBER);
    const word = match(WORD);
    const quoted = match(STRING);
    const operator = match(OPERATOR);
    if (number !== undefined) {
      add('number', number);
      if (match(WORD) !== undefined) {
        throw new ConditionSyntaxError(`bad number syntax: "${number}${match(WORD)}"`, start);
      }
    } else if (word !== undefined) {
      add(WORD_OPERATORS.has(word) ? 'operator' : 'identifier', word);
    } else if (quoted !== undefined) {
      add('string', quoted, unescapeText(quoted.slice(1, -1), start));
    } else if (operator !== undefined) {
      add('operator', operator);
    } else {
      throw new ConditionSyntaxError(`unrecognized character: ${JSON.stringify(text[offset])}`, offset);
    }
  }
  tokens.push({ kind: 'end', text: 'EOF', offset });
  return tokens;
}
