import type { BinaryOp, Expr, Matching } from './ast.ts';
import type { SyntaxNode } from './tree.ts';
import { childNodes } from './tree.ts';

/**
 * An expression as a flat row of operands and operators.
 *
 * The lezer grammar serves an editor and groups some rows unlike Prometheus: it reads `a + b offset 5m` as
 * `(a + b) offset 5m` and `-2 ^ 2` as `(-2) ^ 2`. So this file flattens its grouping and groups again with the
 * precedences of `promql/parser/generated_parser.y`.
 */
type Item =
  | { readonly kind: 'operand' | 'postfix'; readonly node: SyntaxNode }
  | { readonly kind: 'sign'; readonly op: '+' | '-'; readonly from: number }
  | { readonly kind: 'operator'; readonly operator: Operator };

/** A binary operator with its modifiers. */
export interface Operator {
  readonly op: BinaryOp;
  readonly bool: boolean;
  readonly matching?: Matching;
}

/** How the parts between operators become expressions. */
interface Builders {
  operand(node: SyntaxNode, from: number): Expr;
  /** Applies `[5m]`, `[5m:1m]`, `offset` or `@` to the expression before it. */
  postfix(expr: Expr, node: SyntaxNode): Expr;
  operator(modifiers: readonly SyntaxNode[]): Operator;
}

const POWER = 6;
const PRECEDENCE: Readonly<Record<BinaryOp, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '<': 3,
  '>=': 3,
  '<=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': POWER,
};

function* items(node: SyntaxNode, text: string, builders: Builders): Generator<Item> {
  const [first, ...rest] = childNodes(node);
  const last = rest.at(-1);
  switch (node.name) {
    case 'BinaryExpr':
      if (first === undefined || last === undefined) {
        return;
      }
      yield* items(first, text, builders);
      yield { kind: 'operator', operator: builders.operator(rest.slice(0, -1)) };
      yield* items(last, text, builders);
      return;
    case 'UnaryExpr':
      if (last === undefined) {
        return;
      }
      yield { kind: 'sign', op: text[node.from] === '-' ? '-' : '+', from: node.from };
      yield* items(last, text, builders);
      return;
    case 'OffsetExpr':
    case 'MatrixSelector':
    case 'SubqueryExpr':
    case 'StepInvariantExpr':
    case 'AnchoredExpr':
    case 'SmoothedExpr':
      if (first === undefined) {
        return;
      }
      yield* items(first, text, builders);
      yield { kind: 'postfix', node };
      return;
    default: {
      const sign = node.name === 'NumberDurationLiteral' ? text[node.from] : undefined;
      if (sign === '-' || sign === '+') {
        yield { kind: 'sign', op: sign, from: node.from };
      }
      yield { kind: 'operand', node };
    }
  }
}

/** The expression below `node`, grouped as Prometheus groups it. */
export function groupOperators(node: SyntaxNode, text: string, builders: Builders): Expr {
  const row = [...items(node, text, builders)];
  let at = 0;

  function unary(): Expr {
    const item = row[at++];
    if (item?.kind === 'sign') {
      const arg = climb(POWER);
      if (arg.kind !== 'number') {
        return { kind: 'unary', op: item.op, arg, from: item.from, to: arg.to };
      }
      return { ...arg, value: item.op === '-' ? -arg.value : arg.value, from: item.from };
    }
    if (item?.kind !== 'operand') {
      throw new TypeError('an operand must follow an operator');
    }
    let expr = builders.operand(item.node, item.node.from);
    for (let next = row[at]; next?.kind === 'postfix'; next = row[++at]) {
      expr = builders.postfix(expr, next.node);
    }
    return expr;
  }

  function climb(least: number): Expr {
    let left = unary();
    for (let item = row[at]; item?.kind === 'operator'; item = row[at]) {
      const precedence = PRECEDENCE[item.operator.op];
      if (precedence < least) {
        break;
      }
      at++;
      const right = climb(precedence === POWER ? POWER : precedence + 1);
      left = { kind: 'binary', ...item.operator, left, right, from: left.from, to: right.to };
    }
    return left;
  }

  return climb(1);
}
