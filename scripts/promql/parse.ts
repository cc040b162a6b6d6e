import type { AggregateExpr, AggregateOp, BinaryExpr, BinaryOp, CallExpr, Expr, Grouping, Matching } from './ast.ts';
import { checked } from './check.ts';
import { PromqlSyntaxError } from './errors.ts';
import { parseNumber } from './literals.ts';
import { parsePostfix, parseSelector, parseString } from './parse-selector.ts';
import { childNamed, childNodes, parseTree, type SyntaxNode } from './tree.ts';

const WITH_PARAM: ReadonlySet<string> = new Set(['topk', 'bottomk', 'quantile', 'count_values']);
/** Words that are label names only when quoted: two of them are numbers otherwise, and the grammar does not know the third. */
const NO_LABELS = /^(inf|nan|without)$/i;
const NATIVE_HISTOGRAM_OPS: ReadonlySet<string> = new Set(['</', '>/']);

/**
 * Parses a PromQL text as Prometheus 3 does with no experimental feature enabled.
 * Throws `PromqlSyntaxError` on wrong syntax, wrong types and regular expressions that RE2 refuses.
 */
export function parsePromql(text: string): Expr {
  return createReader(text).read(parseTree(text));
}

/** How tightly an operator binds, from `promql/parser/generated_parser.y`; a sign binds as `*` does. */
const PRECEDENCE = precedences([
  ['or'],
  ['and', 'unless'],
  ['==', '!=', '>', '<', '>=', '<='],
  ['+', '-'],
  ['*', '/', '%', 'atan2'],
  ['^'],
]);

function precedences(rows: readonly (readonly BinaryOp[])[]): ReadonlyMap<BinaryOp, number> {
  return new Map(rows.flatMap((row, index) => row.map((op) => [op, index] as const)));
}

const bindingOf = (op: BinaryOp) => PRECEDENCE.get(op) ?? 0;

/**
 * Applies what follows an expression to the last operand that it binds to. The grammar serves an editor: it reads `a + b offset 5m`
 * as `(a + b) offset 5m`, and with another operator after it forgets how tightly the first one binds.
 */
function toLastOperand(expr: Expr, change: (operand: Expr) => Expr, binding = Number.POSITIVE_INFINITY): Expr {
  if (expr.kind === 'unary' && binding > bindingOf('*')) {
    const arg = toLastOperand(expr.arg, change, binding);
    return checked({ ...expr, arg, to: arg.to });
  }
  if (expr.kind === 'binary' && binding > bindingOf(expr.op)) {
    const right = toLastOperand(expr.right, change, binding);
    return checked({ ...expr, right, to: right.to });
  }
  return change(expr);
}

function createReader(text: string) {
  const textOf = (node: SyntaxNode) => text.slice(node.from, node.to);

  function read(node: SyntaxNode): Expr {
    const { from, to } = node;
    const nodes = childNodes(node);
    const [first, last] = [nodes[0], nodes.at(-1)];
    switch (node.name) {
      case 'VectorSelector':
        return parseSelector(node, text);
      case 'StringLiteral':
        return { kind: 'string', value: parseString(node, text), from, to };
      case 'ParenExpr':
        if (first === undefined) {
          throw new PromqlSyntaxError('unexpected end of input', to);
        }
        return { kind: 'paren', arg: read(first), from, to };
      case 'NumberDurationLiteral':
        return isSigned(node) ? signed(from, number(node)) : number(node);
      case 'FunctionCall':
        return call(node);
      case 'AggregateExpr':
        return aggregate(node);
      case 'BinaryExpr':
        return binary(node);
      case 'UnaryExpr':
        return signed(from, read(last as SyntaxNode));
      case 'OffsetExpr':
      case 'MatrixSelector':
      case 'SubqueryExpr':
      case 'StepInvariantExpr':
      case 'AnchoredExpr':
      case 'SmoothedExpr':
        return toLastOperand(read(first as SyntaxNode), (operand) => parsePostfix(operand, node, text));
      default:
        throw new PromqlSyntaxError(`unexpected '${textOf(node)}'`, from);
    }
  }

  function signed(from: number, arg: Expr): Expr {
    const op = text[from] === '-' ? '-' : '+';
    return arg.kind === 'number'
      ? { ...arg, value: op === '-' ? -arg.value : arg.value, from }
      : checked({ kind: 'unary', op, arg, from, to: arg.to });
  }

  /** To the grammar, a sign before a number is part of it. */
  const isSigned = ({ name, from }: SyntaxNode) => name === 'NumberDurationLiteral' && /[+-]/.test(text.charAt(from));

  /** A number without its sign. */
  function number(node: SyntaxNode): Expr {
    const digits = textOf(node).replace(/^[+-]\s*/, '');
    const value = parseNumber(digits);
    if (value === undefined) {
      throw new PromqlSyntaxError(`bad number or duration syntax: '${digits}'`, node.from);
    }
    return { kind: 'number', value, from: node.to - digits.length, to: node.to };
  }

  function binary(node: SyntaxNode): Expr {
    const [base, ...nodes] = childNodes(node) as [SyntaxNode, SyntaxNode, ...SyntaxNode[]];
    const parts = operator(nodes.slice(0, -1));
    const right = read(nodes.at(-1) as SyntaxNode);
    const after = (left: Expr) => checked({ kind: 'binary', ...parts, left, right, from: left.from, to: right.to });
    if (parts.op !== '^') {
      return toLastOperand(read(base), after, bindingOf(parts.op));
    }
    // `-2 ^ 2` is `-(2 ^ 2)`, and `2 ^ 3 ^ 2` is `2 ^ (3 ^ 2)`.
    return isSigned(base) ? signed(base.from, after(number(base))) : toLastOperand(read(base), after);
  }

  function call(node: SyntaxNode): CallExpr {
    const func = textOf(childNamed(node, 'FunctionIdentifier'));
    const args = childNodes(childNamed(node, 'FunctionCallBody')).map(read);
    return checked({ kind: 'call', func, args, from: node.from, to: node.to });
  }

  function aggregate(node: SyntaxNode): AggregateExpr {
    const { from, to } = node;
    const op = textOf(childNamed(node, 'AggregateOp')).toLowerCase();
    if (op.startsWith('limit')) {
      throw new PromqlSyntaxError(`${op}() is experimental and must be enabled`, from);
    }
    const args = childNodes(childNamed(node, 'FunctionCallBody')).map(read);
    const expected = WITH_PARAM.has(op) ? 2 : 1;
    const arg = args[expected - 1];
    if (arg === undefined || args.length !== expected) {
      const message = `wrong number of arguments for aggregate expression provided, expected ${expected}, got ${args.length}`;
      throw new PromqlSyntaxError(message, from);
    }
    const param = expected === 2 && args[0] !== undefined ? { param: args[0] } : {};
    const modifier = node.getChild('AggregateModifier');
    const grouping = modifier === null ? undefined : groupingOf(modifier);
    return checked({ kind: 'aggregate', op: op as AggregateOp, grouping, ...param, arg, from, to });
  }

  function groupingOf(modifier: SyntaxNode): Grouping {
    const mode = modifier.getChild('By') === null ? 'without' : 'by';
    return { mode, labels: labelsOf(childNamed(modifier, 'GroupingLabels')) };
  }

  function labelsOf(node: SyntaxNode): readonly string[] {
    return childNodes(node).map((label) => {
      const isPlain = label.name === 'LabelName';
      const name = isPlain ? textOf(label) : parseString(childNamed(label, 'StringLiteral'), text);
      if (name === '' || (isPlain && NO_LABELS.test(name))) {
        throw new PromqlSyntaxError(`unexpected ${textOf(label)} in grouping opts, expected label`, label.from);
      }
      return name;
    });
  }

  /** A binary operator with its modifiers. */
  function operator([symbol, ...modifiers]: readonly SyntaxNode[]): Pick<BinaryExpr, 'op' | 'bool' | 'matching'> {
    if (symbol === undefined) {
      throw new PromqlSyntaxError('operator expected', 0);
    }
    const op = textOf(symbol).toLowerCase();
    if (NATIVE_HISTOGRAM_OPS.has(op)) {
      throw new PromqlSyntaxError(`operator '${op}' is for native histograms, which have no place here`, symbol.from);
    }
    const fill = modifiers.find((modifier) => modifier.name === 'FillModifier');
    if (fill) {
      throw new PromqlSyntaxError('binop fill modifiers are experimental and not enabled', fill.from);
    }
    const clause = modifiers.find((modifier) => modifier.name === 'MatchingModifierClause');
    const matching = clause === undefined ? {} : { matching: matchingOf(clause) };
    return { op: op as BinaryOp, bool: modifiers.some((modifier) => modifier.name === 'BoolModifier'), ...matching };
  }

  function matchingOf(clause: SyntaxNode): Matching {
    const [labels, include] = clause.getChildren('GroupingLabels');
    const side = clause.getChild('GroupLeft') ? 'left' : clause.getChild('GroupRight') ? 'right' : undefined;
    return {
      mode: clause.getChild('On') === null ? 'ignoring' : 'on',
      labels: labels === undefined ? [] : labelsOf(labels),
      ...(side === undefined ? {} : { group: side }),
      include: include === undefined ? [] : labelsOf(include),
    };
  }

  return { read };
}
