import type { AtModifier, Expr, LabelMatcher, MatcherOp, SelectorExpr, SubqueryExpr } from './ast.ts';
import { checked } from './check.ts';
import { PromqlSyntaxError } from './errors.ts';
import { MAX_DURATION_SECONDS, parseNumber, unquote } from './literals.ts';
import { compileMatcher } from './matcher.ts';
import { childNamed, childNodes, type SyntaxNode } from './tree.ts';

/** The contents of a string node, which `parseTree` has checked. */
export function parseString(node: SyntaxNode, text: string): string {
  return unquote(text.slice(node.from, node.to)) ?? '';
}

function parseMatcher(node: SyntaxNode, text: string): LabelMatcher {
  if (node.name === 'QuotedLabelName') {
    return { label: '__name__', op: '=', value: parseString(childNamed(node, 'StringLiteral'), text) };
  }
  const [label, op, value] = childNodes(node);
  if (label === undefined || op === undefined || value === undefined) {
    throw new PromqlSyntaxError('a label matcher needs a label, an operator and a string', node.from);
  }
  return {
    label: label.name === 'LabelName' ? text.slice(label.from, label.to) : parseString(label, text),
    op: text.slice(op.from, op.to) as MatcherOp,
    value: parseString(value, text),
  };
}

/** An instant vector selector; `[5m]`, `offset` and `@` are added by `parsePostfix`. */
export function parseSelector(node: SyntaxNode, text: string): SelectorExpr {
  const { from, to } = node;
  const identifier = node.getChild('Identifier');
  const nodes = node.getChild('LabelMatchers');
  const name = identifier === null ? undefined : text.slice(identifier.from, identifier.to);
  // The grammar reads this operator as a metric's name.
  if (name?.toLowerCase() === 'atan2') {
    throw new PromqlSyntaxError(`unexpected '${name}'`, from);
  }
  let isEmpty = name === undefined;
  const matchers = (nodes === null ? [] : childNodes(nodes)).map((child) => {
    const matcher = parseMatcher(child, text);
    if (name !== undefined && matcher.label === '__name__') {
      throw new PromqlSyntaxError(`metric name must not be set twice: '${name}' or '${matcher.value}'`, child.from);
    }
    try {
      if (!compileMatcher(matcher).matches('')) {
        isEmpty = false;
      }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new PromqlSyntaxError(`invalid regular expression '${matcher.value}': ${reason}`, child.from, { cause });
    }
    return matcher;
  });
  if (isEmpty) {
    throw new PromqlSyntaxError('vector selector must contain at least one non-empty matcher', from);
  }
  return { kind: 'selector', ...(name === undefined ? {} : { name }), matchers, offsetSeconds: 0, from, to };
}

/** Seconds of a range, a step or an offset; Prometheus' arithmetic on durations is experimental and off by default. */
function parseSeconds(node: SyntaxNode, text: string): number {
  const [, sign = '', literal = ''] = /^([+-]?)\s*([\w.+-]+)$/.exec(text.slice(node.from, node.to)) ?? [];
  const seconds = parseNumber(literal);
  if (seconds === undefined || !Number.isFinite(seconds)) {
    throw new PromqlSyntaxError('experimental duration expression is not enabled', node.from);
  }
  if (seconds > MAX_DURATION_SECONDS) {
    throw new PromqlSyntaxError('duration out of range', node.from);
  }
  return sign === '-' ? -seconds : seconds;
}

function positiveSeconds(node: SyntaxNode, text: string): number {
  const seconds = parseSeconds(node, text);
  if (seconds <= 0) {
    throw new PromqlSyntaxError('duration must be greater than 0', node.from);
  }
  return seconds;
}

function parseAt(node: SyntaxNode, text: string): AtModifier {
  const edge = node.getChild('AtModifierPreprocessors');
  if (edge !== null) {
    return /^start/i.test(text.slice(edge.from, edge.to)) ? 'start' : 'end';
  }
  const literal = childNamed(node, 'NumberDurationLiteral');
  const [, sign = '', number = ''] = /^([+-]?)\s*(.*)$/s.exec(text.slice(literal.from, literal.to)) ?? [];
  const seconds = parseNumber(number);
  if (seconds === undefined || Number.isNaN(seconds) || seconds >= 2 ** 63) {
    throw new PromqlSyntaxError('timestamp out of bounds for @ modifier', literal.from);
  }
  return sign === '-' ? -seconds : seconds;
}

function parseRange(expr: Expr, node: SyntaxNode, text: string): SelectorExpr | SubqueryExpr {
  const [range, step] = node.getChildren('DurationExpr');
  if (range === undefined) {
    throw new PromqlSyntaxError('range without a duration', node.from);
  }
  const bracket = text.lastIndexOf('[', range.from);
  if (node.name === 'SubqueryExpr') {
    const rangeSeconds = positiveSeconds(range, text);
    const stepSeconds = step === undefined ? {} : { stepSeconds: positiveSeconds(step, text) };
    const { from } = expr;
    return checked({ kind: 'subquery', arg: expr, rangeSeconds, ...stepSeconds, offsetSeconds: 0, from, to: node.to });
  }
  if (expr.kind !== 'selector' || expr.rangeSeconds !== undefined) {
    throw new PromqlSyntaxError('ranges only allowed for vector selectors', bracket);
  }
  if (expr.offsetSeconds !== 0) {
    throw new PromqlSyntaxError('no offset modifiers allowed before range', bracket);
  }
  // Prometheus accepts `@ start()` and `@ end()` here.
  if (typeof expr.at === 'number') {
    throw new PromqlSyntaxError('no @ modifiers allowed before range', bracket);
  }
  return { ...expr, rangeSeconds: positiveSeconds(range, text), to: node.to };
}

/** The expression with the range, subquery, `offset` or `@` that `node` adds after it. */
export function parsePostfix(expr: Expr, node: SyntaxNode, text: string): Expr {
  if (node.name === 'MatrixSelector' || node.name === 'SubqueryExpr') {
    return parseRange(expr, node, text);
  }
  if (node.name === 'AnchoredExpr' || node.name === 'SmoothedExpr') {
    const modifier = node.name === 'AnchoredExpr' ? 'anchored' : 'smoothed';
    throw new PromqlSyntaxError(`${modifier} modifier is experimental and not enabled`, expr.from);
  }
  const modifier = node.name === 'OffsetExpr' ? 'offset' : '@';
  if (expr.kind !== 'selector' && expr.kind !== 'subquery') {
    const message = `${modifier} modifier must be preceded by an instant or range vector selector or a subquery`;
    throw new PromqlSyntaxError(message, expr.from);
  }
  if (modifier === '@') {
    if (expr.at !== undefined) {
      throw new PromqlSyntaxError('@ <timestamp> may not be set multiple times', expr.from);
    }
    return { ...expr, at: parseAt(node, text), to: node.to };
  }
  if (expr.offsetSeconds !== 0) {
    throw new PromqlSyntaxError('offset may not be set multiple times', expr.from);
  }
  return { ...expr, offsetSeconds: parseSeconds(childNamed(node, 'OffsetDurationExpr'), text), to: node.to };
}
