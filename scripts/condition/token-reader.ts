import { ConditionSyntaxError } from './errors.ts';
import type { Token } from './lexer.ts';

/** Walks along the tokens of a condition; the last one, `end`, is never passed. */
export interface TokenReader {
  readonly current: () => Token;
  readonly next: () => Token;
  /** Whether the current token is this operator or bracket. */
  readonly is: (text: string) => boolean;
  /** Whether it is, and passes it then. */
  readonly take: (text: string) => boolean;
  /** Passes it, or throws `ConditionSyntaxError`. */
  readonly expect: (text: string) => void;
  readonly name: () => string;
  /** Items up to the closing bracket; a comma may come last, but not in the arguments of a call. */
  readonly list: <Item>(end: string, item: () => Item) => readonly Item[];
  readonly unexpected: () => ConditionSyntaxError;
}

export function createTokenReader(tokens: readonly Token[]): TokenReader {
  let position = 0;
  const current = () => tokens[position] as Token;
  const is = (text: string) => current().kind === 'operator' && current().text === text;
  const next = () => {
    const token = current();
    position += Number(token.kind !== 'end');
    return token;
  };
  const unexpected = () => {
    const { kind, text, offset } = current();
    return new ConditionSyntaxError(`unexpected ${kind === 'end' ? 'end of the expression' : `'${text}'`}`, offset);
  };
  const expect = (text: string) => {
    if (!is(text)) {
      throw unexpected();
    }
    next();
  };
  return {
    current,
    next,
    is,
    take: (text) => is(text) && next() !== undefined,
    expect,
    name() {
      if (current().kind !== 'identifier') {
        throw unexpected();
      }
      return next().text;
    },
    list(end, item) {
      const items: ReturnType<typeof item>[] = [];
      while (!is(end)) {
        items.push(item());
        if (!is(end)) {
          expect(',');
          if (end === ')' && is(end)) {
            throw unexpected();
          }
        }
      }
      expect(end);
      return items;
    },
    unexpected,
  };
}
