import { describeToken, type Lexer, type Token } from './lexer.ts';
import { unquote } from './literals.ts';

const TEXT_TYPES = ['counter', 'gauge', 'histogram', 'summary'] as const;
const OPEN_METRICS_TYPES = [...TEXT_TYPES, 'gaugehistogram', 'info', 'stateset', 'unknown'] as const;

export type MetricType = (typeof OPEN_METRICS_TYPES)[number];

export interface TypeLine {
  readonly metric: string;
  readonly type: MetricType;
}

/** Reads the rest of a HELP, TYPE or UNIT line. Returns the type that a TYPE line declares. */
export function readMetadata(lexer: Lexer, keyword: Token, isOpenMetrics: boolean): TypeLine | undefined {
  const metric = unquote(lexer.expect(lexer.next(), 'name', 'a metric name').text);
  const token = lexer.expect(lexer.next(), 'text', 'a text');
  if (/^[^\0-\x7f]/.test(token.text)) {
    // Prometheus drops the text's first byte, and would cut a character of several bytes.
    lexer.fail(token, `${describeToken(token)} begins within a character`);
  }
  const text = token.text.slice(1).replace(/\n$/, '');
  if (keyword.type === 'unit' && text !== '' && !metric.endsWith(`_${text}`)) {
    lexer.fail(token, `unit ${JSON.stringify(text)} is not the end of the metric name ${JSON.stringify(metric)}`);
  }
  const type = keyword.type === 'type' ? typeNamed(text, isOpenMetrics) : undefined;
  if (keyword.type === 'type' && type === undefined) {
    lexer.fail(token, `${describeToken({ ...token, text })} is not a metric type`);
  }
  if (!isOpenMetrics) {
    lexer.expect(lexer.next(), 'linebreak', 'a line break');
  }
  return type === undefined ? undefined : { metric, type };
}

function typeNamed(text: string, isOpenMetrics: boolean): MetricType | undefined {
  if (isOpenMetrics) {
    return OPEN_METRICS_TYPES.find((type) => type === text);
  }
  return text === 'untyped' ? 'unknown' : TEXT_TYPES.find((type) => type === text);
}
