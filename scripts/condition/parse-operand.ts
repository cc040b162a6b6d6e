import type { Expression } from './ast.ts';
import { ConditionSyntaxError } from './errors.ts';
import { PREDICATES } from './predicates.ts';
import type { TokenReader } from './token-reader.ts';

/** How tightly the operators before an operand bind. */
const UNARY: Readonly<Record<string, number>> = { not: 50, '!': 50, '-': 90, '+': 90 };

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

/** What stands between operators, and what is called. */
export interface OperandParser {
  readonly operand: () => Expression;
  /** From the bracket on; `piped` is what stands before a `|`. */
  readonly call: (name: string, piped: readonly Expression[]) => Expression;
}

/** `expression` parses what operands hold, `sequence` what brackets do. */
export function createOperandParser(
  reader: TokenReader,
  expression: (power: number) => Expression,
  sequence: () => Expression,
): OperandParser {
  const { current, next, is, take, expect, name, list, unexpected } = reader;
  let predicates = 0;

  function operand(): Expression {
    const { kind, text } = current();
    const power = kind === 'operator' ? UNARY[text] : undefined;
    if (power !== undefined) {
      next();
      return postfix({ kind: 'unary', op: text, arg: expression(power) });
    }
    if (take('(')) {
      const inner = sequence();
      expect(')');
      return postfix(inner);
    }
    if (predicates > 0 && (is('#') || is('.'))) {
      const isNamed = take('#') && current().kind === 'identifier';
      return postfix({ kind: 'pointer', name: isNamed ? next().text : '' });
    }
    const part = take('::') ? call(name(), []) : secondary();
    // Of what is written out only a text has parts.
    return part.kind === 'literal' && typeof part.value !== 'string' ? part : postfix(part);
  }

  function secondary(): Expression {
    const { kind, text, offset } = current();
    if (take('[')) {
      return { kind: 'array', items: list(']', () => expression(0)) };
    }
    if (take('{')) {
      return { kind: 'map', pairs: list('}', pair) };
    }
    if (kind === 'operator' || kind === 'end') {
      throw unexpected();
    }
    next();
    if (kind !== 'identifier') {
      return { kind: 'literal', value: kind === 'number' ? parseNumber(text, offset) : text };
    }
    const constant = CONSTANTS.get(text);
    if (constant !== undefined) {
      return { kind: 'literal', value: constant };
    }
    return is('(') ? call(text, []) : { kind: 'identifier', name: text };
  }

  function pair(): readonly [Expression, Expression] {
    if (!is('(') && !['number', 'string', 'identifier'].includes(current().kind)) {
      throw unexpected();
    }
    const key: Expression = is('(') ? expression(0) : { kind: 'literal', value: next().text };
    expect(':');
    return [key, expression(0)];
  }

  function call(called: string, piped: readonly Expression[]): Expression {
    const needs = PREDICATES.get(called);
    expect('(');
    let index = piped.length;
    const rest = list(')', () => (needs !== undefined && index++ === 1 ? predicate() : expression(0)));
    const args = [...piped, ...rest];
    if (needs !== undefined && (args.length < needs.least || args.length > needs.most)) {
      throw new ConditionSyntaxError(
        `invalid number of arguments for ${called} (got ${args.length})`,
        current().offset,
      );
    }
    return { kind: 'call', name: called, args };
  }

  function predicate(): Expression {
    const isBraced = take('{');
    predicates++;
    const body = isBraced ? sequence() : expression(0);
    predicates--;
    if (isBraced) {
      expect('}');
    }
    return { kind: 'predicate', body };
  }

  function postfix(start: Expression): Expression {
    let object = start;
    for (;;) {
      const isOptional = take('?.');
      if (take('[')) {
        object = subscript(object, isOptional);
      } else if (isOptional || take('.')) {
        object = member(object, isOptional);
      } else {
        return object;
      }
    }
  }

  function member(object: Expression, isOptional: boolean): Expression {
    const { kind, text } = next();
    // Operators that are words may be names here.
    if (kind !== 'identifier' && !(kind === 'operator' && /^\w/.test(text))) {
      throw new ConditionSyntaxError('expected name', current().offset);
    }
    const last: Expression = {
      kind: 'member',
      object: object.kind === 'chain' ? object.last : object,
      property: { kind: 'literal', value: text },
      ...(isOptional && { optional: true }),
    };
    const called: Expression = take('(') ? { ...last, kind: 'method', args: list(')', () => expression(0)) } : last;
    return isOptional || object.kind === 'chain' ? { kind: 'chain', last: called } : called;
  }

  function subscript(object: Expression, isOptional: boolean): Expression {
    const from = is(':') ? undefined : expression(0);
    if (take(':')) {
      const to = is(']') ? undefined : expression(0);
      expect(']');
      return { kind: 'slice', object, ...(from && { from }), ...(to && { to }) };
    }
    expect(']');
    const last: Expression = { kind: 'member', object, property: from as Expression };
    return isOptional ? { kind: 'chain', last: { ...last, optional: true } } : last;
  }

  return { operand, call };
}

/** An integer, also hexadecimal, octal or binary, unless a dot or an exponent makes it a float. */
function parseNumber(text: string, offset: number): bigint | number {
  const digits = text.replaceAll('_', '').toLowerCase();
  if (!digits.startsWith('0x') && /[.e]/.test(digits)) {
    if (!/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(digits) || !Number.isFinite(Number(digits))) {
      throw new ConditionSyntaxError(`'${text}' must be a float of at most 64 bits`, offset);
    }
    return Number(digits);
  }
  if (!/^(0x[\da-f]+|0o[0-7]+|0b[01]+|\d+)$/.test(digits) || BigInt(digits) > 2n ** 63n - 1n) {
    throw new ConditionSyntaxError(`'${text}' must be an integer of at most 64 bits`, offset);
  }
  return BigInt(digits);
}
