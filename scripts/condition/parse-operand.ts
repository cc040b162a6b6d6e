import type { Expression } from './ast.ts';
import { ConditionSyntaxError } from './errors.ts';
import { TokenReader } from './lexer.ts';
import { PREDICATES } from './predicates.ts';

/** The binding power of each unary operator, on the scale of the binary ones. */
const UNARY: Readonly<Record<string, number>> = { not: 50, '!': 50, '-': 90, '+': 90 };
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

/** Parses operands and calls. */
export abstract class OperandParser extends TokenReader {
  #predicates = 0;

  /** An expression whose operators all bind at least as tight as `power`. */
  protected abstract expression(power: number): Expression;
  /** Expressions with `;` between them. */
  protected abstract sequence(): Expression;

  protected operand(): Expression {
    const { kind, text } = this.current;
    const power = kind === 'operator' ? UNARY[text] : undefined;
    if (power !== undefined) {
      this.next();
      return this.#postfix({ kind: 'unary', op: text, arg: this.expression(power) });
    }
    if (this.take('(')) {
      const inner = this.sequence();
      this.expect(')');
      return this.#postfix(inner);
    }
    if (this.#predicates > 0 && (this.is('#') || this.is('.'))) {
      const isNamed = this.take('#') && this.current.kind === 'identifier';
      return this.#postfix({ kind: 'pointer', name: isNamed ? this.next().text : '' });
    }
    const part = this.take('::') ? this.call(this.name(), []) : this.#primary();
    // Of the literals, only a text may be followed by `[…]` or a member.
    return part.kind === 'literal' && typeof part.value !== 'string' ? part : this.#postfix(part);
  }

  #primary(): Expression {
    const { kind, text, offset } = this.current;
    if (this.take('[')) {
      return { kind: 'array', items: this.#list(']', () => this.expression(0)) };
    }
    if (this.take('{')) {
      return { kind: 'map', pairs: this.#list('}', () => this.#pair()) };
    }
    if (kind === 'operator' || kind === 'end') {
      throw this.unexpected();
    }
    this.next();
    if (kind !== 'identifier') {
      return { kind: 'literal', value: kind === 'number' ? parseNumber(text, offset) : text };
    }
    const constant = CONSTANTS.get(text);
    if (constant !== undefined) {
      return { kind: 'literal', value: constant };
    }
    return this.is('(') ? this.call(text, []) : { kind: 'identifier', name: text };
  }

  /** Items with commas between them, up to the closing bracket `end`; a comma may follow the last one. */
  #list<Item>(end: string, item: () => Item): readonly Item[] {
    const items: Item[] = [];
    while (!this.take(end)) {
      items.push(item());
      if (!this.is(end)) {
        this.expect(',');
      }
    }
    return items;
  }

  #pair(): readonly [Expression, Expression] {
    if (!this.is('(') && !['number', 'string', 'identifier'].includes(this.current.kind)) {
      throw this.unexpected();
    }
    const key: Expression = this.is('(') ? this.expression(0) : { kind: 'literal', value: this.next().text };
    this.expect(':');
    return [key, this.expression(0)];
  }

  /** Parses the arguments of a call; `piped` is the operand before a `|`. */
  protected call(name: string, piped: readonly Expression[]): Expression {
    const needs = PREDICATES.get(name);
    this.expect('(');
    let index = piped.length;
    const isPredicate = () => needs !== undefined && index++ === 1;
    const rest = this.#list(')', () => (isPredicate() ? this.#predicate() : this.expression(0)));
    const args = [...piped, ...rest];
    if (needs !== undefined && (args.length < needs.least || args.length > needs.most)) {
      const message = `invalid number of arguments for ${name} (got ${args.length})`;
      throw new ConditionSyntaxError(message, this.current.offset);
    }
    return { kind: 'call', name, args };
  }

  #predicate(): Expression {
    const isBraced = this.take('{');
    this.#predicates++;
    const body = isBraced ? this.sequence() : this.expression(0);
    this.#predicates--;
    if (isBraced) {
      this.expect('}');
    }
    return { kind: 'predicate', body };
  }

  #postfix(start: Expression): Expression {
    let object = start;
    for (;;) {
      const isOptional = this.take('?.');
      if (this.take('[')) {
        object = this.#subscript(object, isOptional);
      } else if (isOptional || this.take('.')) {
        object = this.#member(object, isOptional);
      } else {
        return object;
      }
    }
  }

  #member(object: Expression, isOptional: boolean): Expression {
    const { kind, text } = this.next();
    // After a dot, words such as `in` are names.
    if (kind !== 'identifier' && !(kind === 'operator' && /^\w/.test(text))) {
      throw new ConditionSyntaxError('expected name', this.current.offset);
    }
    const last = {
      kind: 'member',
      object: object.kind === 'chain' ? object.last : object,
      property: { kind: 'literal', value: text },
      ...(isOptional && { optional: true as const }),
    } as const;
    const args = this.take('(') ? this.#list(')', () => this.expression(0)) : undefined;
    const called: Expression = args === undefined ? last : { ...last, kind: 'method', args };
    return isOptional || object.kind === 'chain' ? { kind: 'chain', last: called } : called;
  }

  #subscript(object: Expression, isOptional: boolean): Expression {
    const from = this.is(':') ? undefined : this.expression(0);
    if (from === undefined || this.is(':')) {
      this.expect(':');
      const to = this.is(']') ? undefined : this.expression(0);
      this.expect(']');
      return { kind: 'slice', object, ...(from && { from }), ...(to && { to }) };
    }
    this.expect(']');
    const last: Expression = { kind: 'member', object, property: from };
    return isOptional ? { kind: 'chain', last: { ...last, optional: true } } : last;
  }
}

/** An integer, also hexadecimal, octal or binary, unless a dot or an exponent makes it a float. */
function parseNumber(text: string, offset: number): bigint | number {
  const digits = text.replaceAll('_', '').toLowerCase();
  if (/^(0x[\da-f]+|0o[0-7]+|0b[01]+|\d+)$/.test(digits) && BigInt(digits) < 2n ** 63n) {
    return BigInt(digits);
  }
  if (/^(?=.*[.e])(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(digits) && Number.isFinite(Number(digits))) {
    return Number(digits);
  }
  throw new ConditionSyntaxError(`bad number syntax: "${text}" must be a number of at most 64 bits`, offset);
}
