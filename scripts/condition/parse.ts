import { children, type Expression } from './ast.ts';
import { ConditionSyntaxError, UnknownConditionError } from './errors.ts';
import { OperandParser } from './parse-operand.ts';

/** expr's own limit on the parts of an expression. */
const MAX_PARTS = 10_000;
/** Levels of nesting: more than a real condition has, and few enough for the call stack. */
const MAX_DEPTH = 200;
const tooDeep = () => new UnknownConditionError(`an expression more than ${MAX_DEPTH} deep`);

/** Binary operators by binding power, the loosest first. A trap: the unary `not` (50) binds tighter than `>=` (20). */
const POWERS: readonly (readonly [power: number, operators: string])[] = [
  [0, '|'],
  [10, 'or ||'],
  [15, 'and &&'],
  [20, '== != < > >= <= in matches contains startsWith endsWith'],
  [25, '..'],
  [30, '+ -'],
  [60, '* / %'],
  [100, '** ^'],
  [500, '??'],
];
const BINARY = new Map(POWERS.flatMap(([power, operators]) => operators.split(' ').map((op) => [op, power])));
const COMPARISONS = ['<', '>', '<=', '>='];
const NEGATABLE = new Set(['in', 'matches', 'contains', 'startsWith', 'endsWith']);

/**
 * Parses a success or failure condition. Throws `ConditionSyntaxError`, and `UnknownConditionError` for one that is nested too deeply.
 * Mirrors `parser/parser.go` of expr v1.17.7. It is written by hand, because the context decides which tokens are operands or operators.
 */
export function parseCondition(text: string): Expression {
  const parsed = new ConditionParser(text).parse();
  checkSize(parsed);
  return parsed;
}

/**
 * Throws `ConditionSyntaxError` for too many parts, and `UnknownConditionError` for too many levels. A long row has many levels: in
 * `a and b and c` each operator contains all operands before it.
 */
function checkSize(root: Expression): void {
  let parts = 0;
  let level: readonly Expression[] = [root];
  for (let depth = 1; level.length > 0; depth++) {
    parts += level.length;
    if (parts > MAX_PARTS) {
      throw new ConditionSyntaxError('expression exceeds maximum allowed nodes', 0);
    }
    if (depth > MAX_DEPTH) {
      throw tooDeep();
    }
    level = level.flatMap(children);
  }
}

class ConditionParser extends OperandParser {
  #depth = 0;

  parse(): Expression {
    const parsed = this.sequence();
    if (this.current.kind !== 'end') {
      throw this.unexpected();
    }
    return parsed;
  }

  protected override sequence(): Expression {
    const first = this.expression(0);
    const items = [first];
    while (this.take(';') && this.current.kind !== 'end') {
      items.push(this.expression(0));
    }
    return items.length === 1 ? first : { kind: 'sequence', items };
  }

  protected override expression(power: number): Expression {
    if (++this.#depth > MAX_DEPTH) {
      throw tooDeep();
    }
    const parsed =
      power > 0
        ? this.#operation(power)
        : this.take('let')
          ? this.#declaration()
          : this.is('if')
            ? this.#choice()
            : this.#ternary(this.#operation(0));
    this.#depth--;
    return parsed;
  }

  #declaration(): Expression {
    const name = this.name();
    this.expect('=');
    const value = this.expression(0);
    this.expect(';');
    return { kind: 'let', name, value, body: this.sequence() };
  }

  #choice(): Expression {
    this.expect('if');
    const test = this.expression(0);
    const whenTrue = this.#block();
    this.expect('else');
    return { kind: 'conditional', test, whenTrue, whenFalse: this.is('if') ? this.#choice() : this.#block() };
  }

  #block(): Expression {
    this.expect('{');
    const body = this.sequence();
    this.expect('}');
    return body;
  }

  #ternary(test: Expression): Expression {
    let result = test;
    while (this.take('?')) {
      const then = this.is(':') ? {} : { whenTrue: this.expression(0) };
      this.expect(':');
      result = { kind: 'conditional', test: result, ...then, whenFalse: this.expression(0) };
    }
    return result;
  }

  #operation(power: number): Expression {
    let left = this.operand();
    for (let before = ''; ; ) {
      const isNegated = this.is('not');
      const { kind, text: op, offset } = isNegated ? this.following : this.current;
      if (isNegated && !NEGATABLE.has(op)) {
        throw this.unexpected();
      }
      const opPower = isNegated || kind === 'operator' ? BINARY.get(op) : undefined;
      if (opPower === undefined || opPower < power) {
        return left;
      }
      this.next();
      if (isNegated) {
        this.next();
      }
      if (op === '|') {
        left = this.call(this.name(), [left]);
      } else if (before === '??' && op !== '??') {
        throw new ConditionSyntaxError(`'${op}' and '??' must not be mixed without parentheses`, offset);
      } else if (COMPARISONS.includes(op)) {
        left = this.#comparison(left, op, opPower + 1);
      } else {
        const right = this.expression(op === '**' || op === '^' ? opPower : opPower + 1);
        const binary: Expression = { kind: 'binary', op, left, right };
        left = isNegated ? { kind: 'unary', op: 'not', arg: binary } : binary;
      }
      before = op;
    }
  }

  #comparison(first: Expression, firstOp: string, power: number): Expression {
    const ops = [firstOp];
    const second = this.expression(power);
    const operands = [first, second];
    while (this.is(...COMPARISONS)) {
      ops.push(this.next().text);
      operands.push(this.expression(power));
    }
    return ops.length > 1
      ? { kind: 'comparison', ops, operands }
      : { kind: 'binary', op: firstOp, left: first, right: second };
  }
}
