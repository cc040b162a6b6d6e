import type { AggregateExpr, AggregateOp, BinaryOp, CallExpr, Expr, Grouping, Matching } from './ast.ts';
import { checkTypes } from './check.ts';
import { PromqlSyntaxError } from './errors.ts';
import { parseNumber } from './literals.ts';
import { groupOperators, type Operator } from './operators.ts';
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
  const expr = createReader(text).read(parseTree(text));
  checkTypes(expr);
  return expr;
}

function createReader(text: string) {
  const textOf = (node: SyntaxNode) => text.slice(node.from, node.to);

  function read(node: SyntaxNode): Expr {
    return groupOperators(node, text, { operand, operator, postfix: (expr, child) => parsePostfix(expr, child, text) });
  }

  function operand(node: SyntaxNode): Expr {
    const { from, to } = node;
    switch (node.name) {
      case 'VectorSelector':
        return parseSelector(node, text);
      case 'StringLiteral':
        return { kind: 'string', value: parseString(node, text), from, to };
      case 'ParenExpr': {
        const [inner] = childNodes(node);
        if (inner === undefined) {
          throw new PromqlSyntaxError('unexpected end of input', to);
        }
        return { kind: 'paren', arg: read(inner), from, to };
      }
      case 'NumberDurationLiteral':
        return number(node);
      case 'FunctionCall':
        return call(node);
      case 'AggregateExpr':
        return aggregate(node);
      default:
        throw new PromqlSyntaxError(`unexpected '${textOf(node)}'`, from);
    }
  }

  /** A number without its sign, which `groupOperators` has taken off. */
  function number(node: SyntaxNode): Expr {
    const digits = textOf(node).replace(/^[+-]\s*/, '');
    const value = parseNumber(digits);
    if (value === undefined) {
      throw new PromqlSyntaxError(`bad number or duration syntax: '${digits}'`, node.from);
    }
    return { kind: 'number', value, from: node.to - digits.length, to: node.to };
  }

  function call(node: SyntaxNode): CallExpr {
    const func = textOf(childNamed(node, 'FunctionIdentifier'));
    const args = childNodes(childNamed(node, 'FunctionCallBody')).map(read);
    return { kind: 'call', func, args, from: node.from, to: node.to };
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
    return { kind: 'aggregate', op: op as AggregateOp, grouping, ...param, arg, from, to };
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

  function operator([symbol, ...modifiers]: readonly SyntaxNode[]): Operator {
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
