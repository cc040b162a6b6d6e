import { children, type Expression } from './ast.ts';
import { ConditionSyntaxError, UnknownConditionError } from './errors.ts';
import { tokenize } from './lexer.ts';
import { createOperandParser } from './parse-operand.ts';
import { createTokenReader, type TokenReader } from './token-reader.ts';

/** As many parts as the language allows. */
const MAX_PARTS = 10_000;
/** Deeper than any condition, shallower than the stack. */
const MAX_DEPTH = 200;

/** How tightly operators bind: `not` binds tighter than `>=`, which is a trap. */
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
const COMPARISONS = new Set(['<', '>', '<=', '>=']);
const NEGATABLE = new Set(['in', 'matches', 'contains', 'startsWith', 'endsWith']);

/**
 * Parses a success or failure condition. Throws `ConditionSyntaxError`, and `UnknownConditionError` for one that is nested deeper than any
 * condition is. Mirrors `parser/parser.go` of expr v1.17.7; no grammar serves, because operands and operators differ with what is around them.
 */
export function parseCondition(text: string): Expression {
  const reader = createTokenReader(tokenize(text));
  const parsed = createParser(reader)();
  if (reader.current().kind !== 'end') {
    throw reader.unexpected();
  }
  checkSize(parsed);
  return parsed;
}

/** A row is deep too: in `a and b and c` each operator holds all that is before it. */
function checkSize(root: Expression): void {
  const parts = new Set<Expression>();
  let level: readonly Expression[] = [root];
  for (let depth = 1; level.length > 0; depth++) {
    for (const part of level) {
      parts.add(part);
    }
    if (parts.size > MAX_PARTS) {
      throw new ConditionSyntaxError('expression exceeds maximum allowed nodes', 0);
    }
    if (depth > MAX_DEPTH) {
      throw new UnknownConditionError(`an expression more than ${MAX_DEPTH} deep`);
    }
    level = [...new Set(level.flatMap(children))].filter((part) => !parts.has(part));
  }
}

/** The parser of a whole expression. */
function createParser(reader: TokenReader): () => Expression {
  const { current, next, is, take, expect, name } = reader;
  const { operand, call } = createOperandParser(reader, expression, sequence);
  let depth = 0;

  function sequence(): Expression {
    const first = expression(0);
    const items = [first];
    while (take(';') && current().kind !== 'end') {
      items.push(expression(0));
    }
    return items.length === 1 ? first : { kind: 'sequence', items };
  }

  /** An expression whose operators all bind at least as tight as `power`. */
  function expression(power: number): Expression {
    if (++depth > MAX_DEPTH) {
      throw new UnknownConditionError(`an expression more than ${MAX_DEPTH} deep`);
    }
    const parsed =
      power > 0 ? operation(power) : take('let') ? declaration() : is('if') ? choice() : ternary(operation(0));
    depth--;
    return parsed;
  }

  function declaration(): Expression {
    const variable = name();
    expect('=');
    const value = expression(0);
    expect(';');
    return { kind: 'let', name: variable, value, body: sequence() };
  }

  function choice(): Expression {
    expect('if');
    const test = expression(0);
    const whenTrue = block();
    expect('else');
    return { kind: 'conditional', test, whenTrue, whenFalse: is('if') ? choice() : block() };
  }

  function block(): Expression {
    expect('{');
    const body = sequence();
    expect('}');
    return body;
  }

  function ternary(test: Expression): Expression {
    let result = test;
    while (take('?')) {
      const whenTrue = is(':') ? result : expression(0);
      expect(':');
      result = { kind: 'conditional', test: result, whenTrue, whenFalse: expression(0) };
    }
    return result;
  }

  function operation(power: number): Expression {
    let left = operand();
    for (let before = ''; ; ) {
      const isNegated = is('not');
      const { text: op, offset } = isNegated ? reader.peek() : current();
      if (isNegated && !NEGATABLE.has(op)) {
        throw reader.unexpected();
      }
      const opPower = isNegated || current().kind === 'operator' ? BINARY[op] : undefined;
      if (opPower === undefined || opPower < power) {
        return left;
      }
      next();
      if (isNegated) {
        next();
      }
      if (op === '|') {
        left = call(name(), [left]);
      } else if (before === '??' && op !== '??') {
        throw new ConditionSyntaxError(`'${op}' and '??' must not be mixed without parentheses`, offset);
      } else if (COMPARISONS.has(op)) {
        left = comparison(left, op, opPower + 1);
      } else {
        const right = expression(op === '**' || op === '^' ? opPower : opPower + 1);
        left = { kind: 'binary', op, left, right };
        left = isNegated ? { kind: 'unary', op: 'not', arg: left } : left;
      }
      before = op;
    }
  }

  /** `a < b < c` is `a < b && b < c`. */
  function comparison(first: Expression, firstOp: string, power: number): Expression {
    const right = expression(power);
    let [result, left]: [Expression, Expression] = [{ kind: 'binary', op: firstOp, left: first, right }, right];
    while (current().kind === 'operator' && COMPARISONS.has(current().text)) {
      const { text: op } = next();
      const after = expression(power);
      result = { kind: 'binary', op: '&&', left: result, right: { kind: 'binary', op, left, right: after } };
      left = after;
    }
    return result;
  }

  return sequence;
}
