import { ExpositionError } from './errors.ts';

export type TokenType =
  | 'name'
  | 'label'
  | 'quoted'
  | 'labelValue'
  | 'open'
  | 'close'
  | 'equal'
  | 'comma'
  | 'value'
  | 'timestamp'
  | 'exemplar'
  | 'help'
  | 'type'
  | 'unit'
  | 'text'
  | 'comment'
  | 'linebreak'
  | 'eofWord'
  | 'end';

export interface Token {
  readonly type: TokenType;
  readonly text: string;
  /** 0-based, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

/** One rule of a state. The rule with the longest match gives the token and the next state; of equal matches, the first rule does. */
export interface LexerRule {
  readonly pattern: RegExp;
  /** `blank` is skipped. */
  readonly type: TokenType | 'blank';
  readonly next?: string;
}

/** Rules by state; `initial` is the first. */
export type LexerRules = Readonly<Record<string, readonly LexerRule[]>>;

export interface Lexer {
  /** Throws ExpositionError where no rule matches. */
  readonly next: () => Token;
  /** Position at which the next token begins, or the blanks before it. */
  readonly position: () => number;
  /** Fails at a token: throws ExpositionError with its line. */
  readonly fail: (token: Token, message: string) => never;
  /** Returns the token if it is of that type; else throws ExpositionError, which names `what` was expected. */
  readonly expect: (token: Token, type: TokenType, what: string) => Token;
}

export function describeToken({ type, text }: Token): string {
  return type === 'end' ? 'the end' : JSON.stringify(text);
}

export function createLexer(text: string, rules: LexerRules): Lexer {
  let state = 'initial';
  let position = 0;
  const lineOf = (end: number) => text.slice(0, end).split('\n').length;

  function match(): { readonly rule: LexerRule; readonly length: number } | undefined {
    let best: { readonly rule: LexerRule; readonly length: number } | undefined;
    for (const rule of rules[state] ?? []) {
      rule.pattern.lastIndex = position;
      const length = rule.pattern.exec(text)?.[0].length;
      if (length !== undefined && (best === undefined || length > best.length)) {
        best = { rule, length };
      }
    }
    return best;
  }

  function next(): Token {
    for (;;) {
      // A zero byte ends the text, as it does for Prometheus.
      if (position >= text.length || (state === 'initial' && text[position] === '\0')) {
        return { type: 'end', text: '', from: position, to: position };
      }
      const found = match();
      if (found === undefined) {
        const line = lineOf(position);
        throw new ExpositionError(`line ${line}: unexpected ${JSON.stringify(text[position])}`);
      }
      const { rule, length } = found;
      const from = position;
      position += length;
      state = rule.next ?? state;
      if (rule.type !== 'blank') {
        return { type: rule.type, text: text.slice(from, position), from, to: position };
      }
    }
  }

  const fail = (token: Token, message: string): never => {
    throw new ExpositionError(`line ${lineOf(token.from)}: ${message}`);
  };
  const expect = (token: Token, type: TokenType, what: string): Token =>
    token.type === type ? token : fail(token, `expected ${what}, got ${describeToken(token)}`);

  return { next, position: () => position, fail, expect };
}
