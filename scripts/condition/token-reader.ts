import { ConditionSyntaxError } from './errors.ts';
import type { Token } from './lexer.ts';

/** Walks along the tokens of a condition; the last one, `end`, is never passed. */
export interface TokenReader {
  readonly current: () => Token;
  readonly next: () => Token;
  /** The token after the current one. */
  readonly peek: () => Token;
  /** Whether the current token is this operator or bracket. */
  readonly is: (text: string) => boolean;
  /** Whether it is, and passes it then. */
  readonly take: (text: string) => boolean;
  /** Passes it, or throws `ConditionSyntaxError`. */
  readonly expect: (text: string) => void;
  readonly name: () => string;
  /** Items up to the closing bracket; a comma may come last. */
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
  const take = (text: string) => is(text) && next() !== undefined;
  const unexpected = () => {
    const { kind, text, offset } = current();
    return new ConditionSyntaxError(`unexpected ${kind === 'end' ? 'end of the expression' : `'${text}'`}`, offset);
  };
  const expect = (text: string) => {
    if (!take(text)) {
      throw unexpected();
    }
  };
  return {
    current,
    next,
    peek: () => tokens[position + 1] ?? current(),
    is,
    take,
    expect,
    name() {
      if (current().kind !== 'identifier') {
        throw unexpected();
      }
      return next().text;
    },
    list(end, item) {
      const items: ReturnType<typeof item>[] = [];
      while (!take(end)) {
        if (items.length > 0) {
          expect(',');
          if (take(end)) {
            break;
          }
        }
        items.push(item());
      }
      return items;
    },
    unexpected,
  };
}
