import type { Expression } from './ast.ts';
import { ConditionSyntaxError } from './errors.ts';
import { type Token, tokenize } from './lexer.ts';

/** Binding powers of the language (antonmedv/expr v1.15.5, `parser/operator`): `not` binds tighter than `>=`, which is a trap. */
const UNARY: Readonly<Record<string, number>> = { not: 50, '!': 50, '-': 90, '+': 90 };
const BINARY: Readonly<Record<string, number>> = {
  '|': 0,
  or: 10,
  '||': 10,
  and: 15,
  '&&': 15,
  '==': 20,
  '!=': 20,
  '<': 20,
  '>': 20,
  '>=': 20,
  '<=': 20,
  in: 20,
  matches: 20,
  contains: 20,
  startsWith: 20,
  endsWith: 20,
  '..': 25,
  '+': 30,
  '-': 30,
  '*': 60,
  '/': 60,
  '%': 60,
  '**': 100,
  '^': 100,
  '??': 500,
};
const NEGATABLE = new Set(['in', 'matches', 'contains', 'startsWith', 'endsWith']);
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
/** Deeper than any condition, shallower than the stack. */
const MAX_DEPTH = 200;

/** Parses a success or failure condition. Throws `ConditionSyntaxError`. No JavaScript parser serves: `not`, `in`, `..`, `#` and the binding powers are the language's own. */
export function parseCondition(text: string): Expression {
  const parser = createParser(tokenize(text));
  const expression = parser.expression(0);
  parser.expectEnd();
  return expression;
}

function createParser(tokens: readonly Token[]) {
  let position = 0;
  let closures = 0;
  let depth = 0;
  const current = () => tokens[position] as Token;
  const is = (text: string) => current().kind === 'operator' && current().text === text;
  const next = () => tokens[position++] as Token;
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
  const take = (text: string) => is(text) && next() !== undefined;
  const name = () => {
    if (current().kind !== 'identifier') {
      throw unexpected();
    }
    return next().text;
  };

  function expression(power: number): Expression {
    if (++depth > MAX_DEPTH) {
      throw new ConditionSyntaxError('nested too deeply', current().offset);
    }
    const parsed = power === 0 && take('let') ? declaration() : operation(power);
    depth--;
    return parsed;
  }

  function declaration(): Expression {
    const variable = name();
    expect('=');
    const value = expression(0);
    expect(';');
    return { kind: 'let', name: variable, value, body: expression(0) };
  }

  function operation(power: number): Expression {
    let left = primary();
    let before = '';
    while (current().kind === 'operator') {
      const start = position;
      const isNegated = is('not') && NEGATABLE.has(tokens[position + 1]?.text ?? '') && next() !== undefined;
      const op = current().text;
      const opPower = BINARY[op];
      if (opPower === undefined || opPower < power) {
        position = start;
        break;
      }
      const { offset } = next();
      if (op === '|') {
        left = call(name(), [left]);
      } else {
        if (before === '??' && op !== '??') {
          throw new ConditionSyntaxError(`'${op}' and '??' must not be mixed without parentheses`, offset);
        }
        const right = expression(op === '**' || op === '^' ? opPower : opPower + 1);
        left = { kind: 'binary', op, left, right };
        left = isNegated ? { kind: 'unary', op: 'not', arg: left } : left;
      }
      before = op;
    }
    return power === 0 ? conditional(left) : left;
  }

  function conditional(test: Expression): Expression {
    let result = test;
    while (take('?')) {
      if (take(':')) {
        result = { kind: 'conditional', test: result, whenTrue: result, whenFalse: expression(0) };
      } else {
        const whenTrue = expression(0);
        expect(':');
        result = { kind: 'conditional', test: result, whenTrue, whenFalse: expression(0) };
      }
    }
    return result;
  }

  function primary(): Expression {
    const { kind, text, offset } = current();
    if (kind === 'operator' && UNARY[text] !== undefined) {
      next();
      return postfix({ kind: 'unary', op: text, arg: expression(UNARY[text]) });
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
      return postfix({ kind: 'pointer', name: pointer });
    }
    return postfix(secondary());
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
      const constant = { true: true, false: false, nil: null }[text];
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

  /** Items up to the closing bracket; a comma may come last. */
  function list<Item>(end: string, item: () => Item): readonly Item[] {
    const items: Item[] = [];
    while (!is(end)) {
      items.push(item());
      if (!is(end)) {
        expect(',');
      }
    }
    expect(end);
    return items;
  }

  function call(callee: string, piped: readonly Expression[]): Expression {
    expect('(');
    if (!CLOSURES.has(callee)) {
      return { kind: 'call', name: callee, args: [...piped, ...list(')', () => expression(0))] };
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
    return { kind: 'call', name: callee, args };
  }

  function closure(): Expression {
    const isBraced = take('{');
    closures++;
    const body = expression(0);
    closures--;
    if (isBraced) {
      expect('}');
    }
    return { kind: 'closure', body };
  }

  function postfix(start: Expression): Expression {
    let object = start;
    for (;;) {
      if (take('.') || take('?.')) {
        object = { kind: 'member', object, property: { kind: 'literal', value: name() } };
      } else if (take('[')) {
        object = subscript(object);
      } else {
        return object;
      }
    }
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

  function expectEnd(): void {
    if (current().kind !== 'end') {
      throw unexpected();
    }
  }

  return { expression, expectEnd };
}

/** An integer, also hexadecimal, unless a dot or an exponent makes it a float. */
function parseNumber(text: string, offset: number): bigint | number {
  const digits = text.replaceAll('_', '');
  if (!/^0[xX]/.test(digits) && /[.eE]/.test(digits)) {
    return Number(digits);
  }
  if (!/^(0[xX][\da-fA-F]+|\d+)$/.test(digits) || BigInt(digits) > 2n ** 63n - 1n) {
    throw new ConditionSyntaxError(`'${text}' must be an integer of at most 64 bits`, offset);
  }
  return BigInt(digits);
}
