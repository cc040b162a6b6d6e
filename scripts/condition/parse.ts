import type { Expression } from './ast.ts';
import { BINARY } from './binding-powers.ts';
import { createDepthLimit, MAX_DEPTH } from './depth.ts';
import { ConditionSyntaxError } from './errors.ts';
import { tokenize } from './lexer.ts';
import { createOperandParser } from './parse-operand.ts';
import { createTokenReader, type TokenReader } from './token-reader.ts';

/** Characters; a condition of a gate has some thirty. */
const MAX_LENGTH = 10_000;

/**
 * Parses a success or failure condition. Throws `ConditionSyntaxError`, also for one that is longer or deeper than any condition is. No
 * JavaScript parser serves: `not`, `in`, `..`, `#` and the binding powers are the language's own.
 */
export function parseCondition(text: string): Expression {
  if (text.length > MAX_LENGTH) {
    throw new ConditionSyntaxError(`must be at most ${MAX_LENGTH} characters long, got ${text.length}`, MAX_LENGTH);
  }
  const reader = createTokenReader(tokenize(text));
  const parsed = createParser(reader)(0);
  if (reader.current().kind !== 'end') {
    throw reader.unexpected();
  }
  return parsed;
}

/** The parser of an expression whose operators all bind at least as tight as `power`. */
function createParser(reader: TokenReader): (power: number) => Expression {
  const { current, next, take, expect, name } = reader;
  const tooDeep = (): never => {
    throw new ConditionSyntaxError('nested too deeply', current().offset);
  };
  const built = createDepthLimit(tooDeep);
  const { operand, call } = createOperandParser(reader, expression, built);
  let depth = 0;

  function expression(power: number): Expression {
    // Brackets leave no part behind.
    if (++depth > MAX_DEPTH) {
      tooDeep();
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
    return built({ kind: 'let', name: variable, value, body: expression(0) });
  }

  function operation(power: number): Expression {
    let left = operand();
    let before = '';
    while (current().kind === 'operator') {
      // `not` may stand before any operator, and counts only where that operator binds here: `a + b not in c` is `(a + b) in c`.
      const isNegated = take('not');
      const op = current().text;
      const opPower = current().kind === 'operator' ? BINARY[op] : undefined;
      if (opPower === undefined || opPower < power) {
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
        left = built({ kind: 'binary', op, left, right });
        left = isNegated ? built({ kind: 'unary', op: 'not', arg: left }) : left;
      }
      before = op;
    }
    return power === 0 ? conditional(left) : left;
  }

  function conditional(test: Expression): Expression {
    let result = test;
    while (take('?')) {
      if (take(':')) {
        result = built({ kind: 'conditional', test: result, whenTrue: result, whenFalse: expression(0) });
      } else {
        const whenTrue = expression(0);
        expect(':');
        result = built({ kind: 'conditional', test: result, whenTrue, whenFalse: expression(0) });
      }
    }
    return result;
  }

  return expression;
}
