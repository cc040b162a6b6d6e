import type { Expression } from './ast.ts';
import { UNARY } from './binding-powers.ts';
import { ConditionSyntaxError } from './errors.ts';
import type { TokenReader } from './token-reader.ts';

/** Functions whose second argument is a closure. */
const CLOSURES = new Set([
  'all',
  'none',
  'any',
  'one',
  'filter',
  'map',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'count',
  'groupBy',
  'reduce',
]);

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

/** What stands between operators, and what is called. */
export interface OperandParser {
  readonly operand: () => Expression;
  /** From the bracket on; `piped` is what stands before a `|`. */
  readonly call: (callee: string, piped: readonly Expression[]) => Expression;
}

/** `expression` parses what operands hold, `built` sees every part that is made. */
export function createOperandParser(
  reader: TokenReader,
  expression: (power: number) => Expression,
  built: <Part extends Expression>(part: Part) => Part,
): OperandParser {
  const { current, next, is, take, expect, name, list, unexpected } = reader;
  let closures = 0;

  function operand(): Expression {
    const { kind, text, offset } = current();
    if (kind === 'operator' && UNARY[text] !== undefined) {
      next();
      return postfix(built({ kind: 'unary', op: text, arg: expression(UNARY[text]) }));
    }
    if (take('(')) {
      const inner = expression(0);
      expect(')');
      return postfix(inner);
    }
    if (is('#') || is('.')) {
      if (closures === 0) {
        throw new ConditionSyntaxError(`'${text}' has a meaning only inside a function such as all()`, offset);
      }
      const isElement = take('#');
      const pointer = isElement && current().kind === 'identifier' ? next().text : '';
      return postfix(built({ kind: 'pointer', name: pointer }));
    }
    const part = built(secondary());
    // What is written out has no parts: `"abc"[0]` is no expression.
    return part.kind === 'literal' ? part : postfix(part);
  }

  function secondary(): Expression {
    const { kind, text, offset } = current();
    if (kind === 'number') {
      next();
      return { kind: 'literal', value: parseNumber(text, offset) };
    }
    if (kind === 'string') {
      next();
      return { kind: 'literal', value: text };
    }
    if (kind === 'identifier') {
      next();
      const constant = CONSTANTS.get(text);
      if (constant !== undefined) {
        return { kind: 'literal', value: constant };
      }
      return is('(') ? call(text, []) : { kind: 'identifier', name: text };
    }
    if (take('[')) {
      return { kind: 'array', items: list(']', () => expression(0)) };
    }
    if (take('{')) {
      return { kind: 'map', pairs: list('}', pair) };
    }
    throw unexpected();
  }

  function pair(): readonly [Expression, Expression] {
    if (!is('(') && !['number', 'string', 'identifier'].includes(current().kind)) {
      throw unexpected();
    }
    const key: Expression = is('(') ? expression(0) : { kind: 'literal', value: next().text };
    expect(':');
    return [key, expression(0)];
  }

  function call(callee: string, piped: readonly Expression[]): Expression {
    expect('(');
    if (!CLOSURES.has(callee)) {
      return built({ kind: 'call', name: callee, args: [...piped, ...list(')', () => expression(0))] });
    }
    const args = [...piped];
    if (piped.length === 0) {
      args.push(expression(0));
      expect(',');
    }
    args.push(closure());
    if (callee === 'reduce' && take(',')) {
      args.push(expression(0));
    }
    expect(')');
    return built({ kind: 'call', name: callee, args });
  }

  function closure(): Expression {
    const isBraced = take('{');
    closures++;
    const body = expression(0);
    closures--;
    if (isBraced) {
      expect('}');
    }
    return built({ kind: 'closure', body });
  }

  function postfix(start: Expression): Expression {
    let object = start;
    for (;;) {
      if (is('.') || is('?.')) {
        object = link(object, next().text === '?.');
      } else if (take('[')) {
        object = built(subscript(object));
      } else {
        return object;
      }
    }
  }

  function link(object: Expression, isOptional: boolean): Expression {
    const before = object.kind === 'chain' ? object.last : object;
    const property: Expression = { kind: 'literal', value: name() };
    const last = built({ kind: 'member', object: before, property, ...(isOptional && { optional: true }) });
    return isOptional || object.kind === 'chain' ? built({ kind: 'chain', last }) : last;
  }

  function subscript(object: Expression): Expression {
    const from = is(':') ? undefined : expression(0);
    if (from !== undefined && !is(':')) {
      expect(']');
      return { kind: 'member', object, property: from };
    }
    expect(':');
    const to = is(']') ? undefined : expression(0);
    expect(']');
    return { kind: 'slice', object, ...(from && { from }), ...(to && { to }) };
  }

  return { operand, call };
}

/** An integer, also hexadecimal, unless a dot or an exponent makes it a float. */
function parseNumber(text: string, offset: number): bigint | number {
  const digits = text.replaceAll('_', '');
  const isHexadecimal = digits.includes('x');
  if (!isHexadecimal && /[.eE]/.test(digits)) {
    if (!/^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(digits) || !Number.isFinite(Number(digits))) {
      throw new ConditionSyntaxError(`'${text}' must be a float of at most 64 bits`, offset);
    }
    return Number(digits);
  }
  if (!/^(0x[\da-fA-F]+|\d+)$/.test(digits) || BigInt(digits) > 2n ** 63n - 1n) {
    throw new ConditionSyntaxError(`'${text}' must be an integer of at most 64 bits`, offset);
  }
  return BigInt(digits);
}
