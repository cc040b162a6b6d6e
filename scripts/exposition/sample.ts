import { parseFloat64 } from '../go/float.ts';
import { normalizeBound } from './bound.ts';
import { describeToken, type Lexer, type Token } from './lexer.ts';
import { unquote } from './literals.ts';
import type { MetricType } from './metadata.ts';

/** One line's value, as the target wrote it. */
export interface ExposedSample {
  /** `__name__` included. A label with an empty value is kept here; Prometheus drops it when it stores the sample. */
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  /** Milliseconds since the epoch, where the target gave a time. */
  readonly timestamp?: number;
}

/** What reading a line depends on besides the line. */
export interface LineContext {
  readonly isOpenMetrics: boolean;
  /** The type in the metric's TYPE line; undefined without one. */
  readonly type: MetricType | undefined;
  /** The line's text from its start to a position: blanks before a name become part of it. */
  readonly textUntil: (position: number) => string;
}

/** Reads a sample's line after its first token: the metric's name, or the brace that encloses the name. */
export function readSample(lexer: Lexer, first: Token, context: LineContext): ExposedSample {
  const labels = new Map<string, string>();
  let name = first.type === 'name' ? context.textUntil(first.to) : undefined;
  let token = first.type === 'name' ? lexer.next() : first;
  if (token.type === 'open') {
    name = readBraces(lexer, labels, name, context);
    token = lexer.next();
  }
  if (name === undefined) {
    return lexer.fail(first, 'the metric name is not set');
  }
  const value = readNumber(lexer, lexer.expect(token, 'value', 'a value'));
  token = lexer.next();
  const time = token.type === 'timestamp' ? { timestamp: readTime(lexer, token, context) } : {};
  token = token.type === 'timestamp' ? lexer.next() : token;
  if (token.type === 'exemplar') {
    skipExemplar(lexer, context);
  } else {
    lexer.expect(token, 'linebreak', 'a line break');
  }
  return { labels: new Map([['__name__', name], ...labels]), value, ...time };
}

/** Reads the labels up to the closing brace. Returns the metric's name if the braces hold it, as a quoted string. */
function readBraces(lexer: Lexer, labels: Map<string, string>, nameBefore: string | undefined, context: LineContext) {
  let name = nameBefore;
  let token = lexer.next();
  while (token.type !== 'close') {
    if (token.type !== 'label' && token.type !== 'quoted') {
      lexer.fail(token, `expected a label name, got ${describeToken(token)}`);
    }
    const after = lexer.next();
    if (token.type === 'quoted' && (after.type === 'comma' || after.type === 'close')) {
      if (name !== undefined) {
        lexer.fail(token, 'the metric name is already set');
      }
      name = unquote(token.text);
      token = after.type === 'comma' ? lexer.next() : after;
      continue;
    }
    lexer.expect(after, 'equal', '=');
    const value = unquote(lexer.expect(lexer.next(), 'labelValue', 'a label value').text);
    const label = unquote(token.text);
    labels.set(label, normalizeBound(context.type, label, value));
    token = lexer.next();
    if (token.type === 'comma') {
      token = lexer.next();
    } else if (context.isOpenMetrics) {
      lexer.expect(token, 'close', 'a comma or }');
    }
  }
  return name;
}

function skipExemplar(lexer: Lexer, context: LineContext): void {
  // An exemplar has no metric name: the empty one counts as set, so that a name in the braces is refused.
  readBraces(lexer, new Map(), '', { ...context, type: undefined });
  readNumber(lexer, lexer.expect(lexer.next(), 'value', "the exemplar's value"));
  let token = lexer.next();
  if (token.type === 'timestamp') {
    readTime(lexer, token, context);
    token = lexer.next();
  }
  lexer.expect(token, 'linebreak', 'a line break');
}

function readNumber(lexer: Lexer, token: Token): number {
  return parseFloat64(token.text.replace(/^ /, '')) ?? lexer.fail(token, `${describeToken(token)} is not a number`);
}

/** Milliseconds since the epoch. The text format writes them as an integer, OpenMetrics writes seconds. */
function readTime(lexer: Lexer, token: Token, { isOpenMetrics }: LineContext): number {
  if (!isOpenMetrics) {
    return BigInt(token.text) < 2n ** 63n ? Number(token.text) : lexer.fail(token, `${token.text} is not a time`);
  }
  const seconds = readNumber(lexer, token);
  return Number.isFinite(seconds) ? Math.trunc(seconds * 1000) : lexer.fail(token, `${token.text} is not a time`);
}
