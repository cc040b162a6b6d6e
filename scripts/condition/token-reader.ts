import { ConditionSyntaxError } from './errors.ts';
import { type Token, tokenize } from './lexer.ts';

/** Walks along the tokens of a condition; the last one, `end`, is never passed. */
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

  /** Whether the current token is this operator or bracket. */
  is(text: string): boolean {
    return this.current.kind === 'operator' && this.current.text === text;
  }

  /** Whether it is, and passes it then. */
  take(text: string): boolean {
    return this.is(text) && this.next() !== undefined;
  }

  /** Passes it, or throws `ConditionSyntaxError`. */
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

  /** Items up to the closing bracket; a comma may come last. */
  list<Item>(end: string, item: () => Item): readonly Item[] {
    const items: Item[] = [];
    while (!this.take(end)) {
      if (items.length > 0) {
        this.expect(',');
        if (this.take(end)) {
          break;
        }
      }
      items.push(item());
    }
    return items;
  }

  unexpected(): ConditionSyntaxError {
    const { kind, text, offset } = this.current;
    return new ConditionSyntaxError(`unexpected ${kind === 'end' ? 'end of the expression' : `'${text}'`}`, offset);
  }
}
