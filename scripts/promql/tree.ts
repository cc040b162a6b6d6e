import { parser } from '@prometheus-io/lezer-promql';
import { PromqlSyntaxError } from './errors.ts';
import { unquote } from './literals.ts';

/** The most characters of a query: several times those of the longest rule in use. */
const MAX_LENGTH = 10_000;
/**
 * The most levels of the tree: more than a real query has, and few enough for the call stack and the grammar. A long row has many
 * levels, because each operator contains all that is before it.
 */
const MAX_DEPTH = 300;

/** A node of the lezer tree, named through the parser because `@lezer/common` is not a dependency of ours. */
export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** A node's children in order, without comments. */
export function childNodes(node: SyntaxNode): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') {
      nodes.push(child);
    }
  }
  return nodes;
}

/** The first child of that name; the grammar promises it where this is called. */
export function childNamed(node: SyntaxNode, name: string): SyntaxNode {
  const child = node.getChild(name);
  if (child === null) {
    throw new PromqlSyntaxError(`${node.name} without ${name}`, node.from);
  }
  return child;
}

/** Spaces and comments, each comment with the end of its line. */
const BLANK = /^(?:\s|#[^\n]*(?:\n|$))*/;

function syntaxError(text: string, error: SyntaxNode): PromqlSyntaxError {
  const offset = error.from + (BLANK.exec(text.slice(error.from))?.[0].length ?? 0);
  if (BLANK.exec(text)?.[0] === text) {
    return new PromqlSyntaxError('no expression found in input', 0);
  }
  if (offset >= text.length) {
    return new PromqlSyntaxError('unexpected end of input', text.length);
  }
  const called = /(?<!\w)([a-zA-Z_]\w*)\s*$/.exec(text.slice(0, offset));
  if (text[offset] === '(' && called?.[1] !== undefined) {
    return new PromqlSyntaxError(`unknown function with name '${called[1]}'`, called.index);
  }
  const token = /^(?:[\w:.]+|[=!<>]=|[=!]~|.)/su.exec(text.slice(offset))?.[0] ?? '';
  return new PromqlSyntaxError(`unexpected '${token.slice(0, 100)}'`, offset);
}

/** The grammar closes a string at the end of its line by itself; Prometheus does not. */
function stringError(text: string, { from, to }: SyntaxNode): PromqlSyntaxError | undefined {
  const quoted = text.slice(from, to);
  return unquote(quoted) === undefined
    ? new PromqlSyntaxError(`invalid or unterminated string ${quoted}`, from)
    : undefined;
}

/**
 * The grammar accepts a word right after a number, as in `0and`; Prometheus does not. Prometheus also takes the `e` of `0x1e` for the
 * begin of an exponent, so the text must not end there.
 */
function numberError(text: string, { from, to }: SyntaxNode): PromqlSyntaxError | undefined {
  const number = text.slice(from, to + 1);
  return /\w/.test(text.charAt(to)) || (to === text.length && /0x[\da-f]e$/i.test(number))
    ? new PromqlSyntaxError(`bad number or duration syntax: '${number}'`, from)
    : undefined;
}

/** An error at the first Unicode space, which copied text may hold: the grammar skips it, Prometheus does not. */
function foreignSpace(text: string, root: SyntaxNode): PromqlSyntaxError | undefined {
  for (const { 0: space, index } of text.matchAll(/[^\S \t\r\n]/g)) {
    const { name } = root.resolveInner(index, 1);
    if (name === 'StringLiteral' || name === 'LineComment') {
      continue;
    }
    const code = space.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return new PromqlSyntaxError(`unexpected character: U+${code}`, index);
  }
  return undefined;
}

/** A number such as `1.`, whose point the grammar does not know. Strings and comments match first, so a `1.` inside them is left alone. */
const POINTED = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|(?<![\w.:])(0|[1-9]\d*)\.(?![\w.])/gs;

/**
 * The syntax tree of Prometheus' own lezer grammar, from its single expression down.
 * Throws `PromqlSyntaxError` at the first invalid string or number, or the first place where the grammar had to recover, and for a
 * text that is too long or nested too deeply. Unlike Prometheus, it refuses what the grammar does not know: `1.e3`, a metric named
 * `offset`, and a `:` in a grouping label.
 */
export function parseTree(text: string): SyntaxNode {
  if (text.length > MAX_LENGTH) {
    throw new PromqlSyntaxError(`must be at most ${MAX_LENGTH} characters long, got ${text.length}`, MAX_LENGTH);
  }
  const tree = parser.parse(
    text.replace(POINTED, (token, digits?: string) => (digits === undefined ? token : `${digits} `)),
  );
  let error: PromqlSyntaxError | undefined;
  let depth = 0;
  tree.iterate({
    enter({ type, name, node, from }) {
      depth += 1;
      if (error !== undefined) {
        return;
      }
      if (depth > MAX_DEPTH) {
        error = new PromqlSyntaxError('nested too deeply', from);
      } else if (type.isError) {
        error = syntaxError(text, node);
      } else if (name === 'StringLiteral') {
        error = stringError(text, node);
      } else if (name === 'NumberDurationLiteral') {
        error = numberError(text, node);
      }
    },
    leave() {
      depth -= 1;
    },
  });
  error ??= foreignSpace(text, tree.topNode);
  if (error !== undefined) {
    throw error;
  }
  const [expr] = childNodes(tree.topNode);
  if (expr === undefined) {
    throw new PromqlSyntaxError('no expression found in input', 0);
  }
  return expr;
}
