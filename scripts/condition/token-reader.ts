import { ConditionSyntaxError } from './errors.ts';
import { type Token, tokenize } from './lexer.ts';

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

  /** Whether the current token is this operator or bracket. */
  is(text: string): boolean {
    return this.current.kind === 'operator' && this.current.text === text;
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

  /** Items with commas between them, up to the closing bracket `end`; a comma may follow the last one. */
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
