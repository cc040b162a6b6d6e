import { parseFloat64 } from '../go/float.ts';
import { normalizeBound } from './bound.ts';
import { formatOf } from './content-type.ts';
import { OPEN_METRICS, TEXT } from './formats.ts';
import { createReader } from './reader.ts';

const TEXT_TYPES = ['counter', 'gauge', 'histogram', 'summary'] as const;
const OPEN_METRICS_TYPES = [...TEXT_TYPES, 'gaugehistogram', 'info', 'stateset', 'unknown'] as const;

export type MetricType = (typeof OPEN_METRICS_TYPES)[number];

/** One line's value, as the target wrote it. */
export interface ExposedSample {
  /** `__name__` included. A label with an empty value is kept here; Prometheus drops it when it stores the sample. */
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  /** Milliseconds since the epoch, where the target gave a time. */
  readonly timestamp?: number;
}

/** What a target exposes at one moment. */
export interface Exposition {
  /** In the target's order. Two samples with the same labels are not an error here. */
  readonly samples: readonly ExposedSample[];
  /** By the name in the `# TYPE` line: a histogram's without `_bucket`. */
  readonly types: ReadonlyMap<string, MetricType>;
}

const NAME = /[a-zA-Z_:][a-zA-Z_:0-9]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z_0-9]*/y;
/** The value of a label may hold a zero byte, a name may not. */
const QUOTED = /"(\\[^\n\0]|[^\\"\0])*"/y;
const QUOTED_LINE = /"(\\[^\n]|[^\\"\n])*"/y;

/** A name or value without its quotes and escapes. */
function unquote(text: string): string {
  const inner = text.startsWith('"') ? text.slice(1, -1) : text;
  return inner.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/**
 * Reads a response of /metrics as Prometheus 3 does (model/textparse, v0.313.2), without exemplars. Throws ExpositionError on
 * the first mistake that Prometheus would refuse; Prometheus stores nothing of such a response.
 */
export function parseExposition(body: string, contentType: string): Exposition {
  const isOpenMetrics = formatOf(contentType) === 'openmetrics';
  const format = isOpenMetrics ? OPEN_METRICS : TEXT;
  // In the text format the last line may lack its newline.
  const text = isOpenMetrics ? body : `${body}\n`;
  const { take, need, fail, position, isAtEnd } = createReader(text);
  const samples: ExposedSample[] = [];
  const types = new Map<string, MetricType>();
  let type: MetricType | undefined;

  const next = (pattern: RegExp) => {
    take(format.gap);
    return take(pattern);
  };
  const must = (pattern: RegExp, what: string) => {
    take(format.gap);
    return need(pattern, what);
  };

  function number(what: string): number {
    const at = position();
    const digits = must(format.value, what).trimStart();
    return parseFloat64(digits) ?? fail(`${JSON.stringify(digits)} is not a number`, at);
  }

  /** Milliseconds since the epoch; undefined where the line has no time. The text format writes an integer, OpenMetrics seconds. */
  function time(): number | undefined {
    const at = position();
    const digits = next(format.time)?.trimStart();
    if (digits === undefined) {
      return undefined;
    }
    const milliseconds = isOpenMetrics
      ? Math.trunc((parseFloat64(digits) ?? Number.NaN) * 1000)
      : BigInt(digits) < 2n ** 63n
        ? Number(digits)
        : Number.NaN;
    return Number.isFinite(milliseconds) ? milliseconds : fail(`${digits} is not a time`, at);
  }

  /** Reads labels after their opening brace. Returns the metric's name if the braces hold it, as a quoted string. */
  function braces(labels: Map<string, string>, nameBefore: string | undefined, value: RegExp, quoted: RegExp) {
    let name = nameBefore;
    while (next(/\}/y) === undefined) {
      const text = take(quoted) ?? need(LABEL, 'a label name');
      take(format.gap);
      if (text.startsWith('"') && take(/(?=[,}])/y) !== undefined) {
        name = name === undefined ? unquote(text) : fail('the metric name is already set');
        take(/,/y);
        continue;
      }
      need(/=/y, '=');
      labels.set(unquote(text), unquote(must(value, 'a label value')));
      if (next(/,/y) === undefined && isOpenMetrics) {
        need(/(?=\})/y, 'a comma or }');
      }
    }
    return name;
  }

  /** Reads a sample's line; `start` is where it begins: blanks before a name become part of it. */
  function sample(start: number): ExposedSample {
    const at = position();
    const labels = new Map<string, string>();
    let name = take(NAME) === undefined ? undefined : text.slice(start, position());
    if (next(/\{/y) !== undefined) {
      name = braces(labels, name, format.labelValue, QUOTED);
    }
    if (name === undefined) {
      return fail('the metric name is not set', at);
    }
    for (const [label, written] of labels) {
      labels.set(label, normalizeBound(type, label, written));
    }
    const value = number('a value');
    const timestamp = time();
    if (isOpenMetrics && take(/ # \{/y) !== undefined) {
      // An exemplar has no metric name: the empty one counts as set, so that a name in the braces is refused.
      braces(new Map(), '', QUOTED_LINE, QUOTED_LINE);
      number("the exemplar's value");
      time();
    }
    must(/\n/y, 'a line break');
    return {
      labels: new Map([['__name__', name], ...labels]),
      value,
      ...(timestamp === undefined ? {} : { timestamp }),
    };
  }

  /** Reads the rest of a HELP, TYPE or UNIT line. */
  function metadata(keyword: string): void {
    const metric = unquote(take(QUOTED) ?? need(NAME, 'a metric name'));
    const at = position();
    const rest = need(format.text, 'a text');
    if (/^[^\0-\x7f]/.test(rest)) {
      // Prometheus drops the text's first byte, and would cut a character of several bytes.
      fail(`${JSON.stringify(rest)} begins within a character`, at);
    }
    const text = rest.slice(1);
    if (keyword === 'UNIT' && text !== '' && !metric.endsWith(`_${text}`)) {
      fail(`unit ${JSON.stringify(text)} is not the end of the metric name ${JSON.stringify(metric)}`, at);
    }
    if (keyword === 'TYPE') {
      const named = isOpenMetrics ? text : text === 'untyped' ? 'unknown' : TEXT_TYPES.find((one) => one === text);
      type =
        OPEN_METRICS_TYPES.find((one) => one === named) ?? fail(`${JSON.stringify(text)} is not a metric type`, at);
      types.set(metric, type);
    }
    need(/\n/y, 'a line break');
  }

  for (;;) {
    const start = position();
    take(format.gap);
    const keyword = take(format.keyword)?.replace(/[# \t]/g, '');
    if (keyword !== undefined) {
      metadata(keyword);
    } else if (isOpenMetrics && take(/# EOF\n?/y) !== undefined) {
      return isAtEnd() ? { samples, types } : fail('expected nothing after # EOF');
    } else if (!isOpenMetrics && take(/#[^\n\0]*/y) !== undefined) {
      need(/\n/y, 'a line break');
    } else if (isAtEnd()) {
      return isOpenMetrics ? fail('an OpenMetrics text must end with # EOF') : { samples, types };
    } else if (isOpenMetrics || take(/\n/y) === undefined) {
      need(/(?=[a-zA-Z_:{])/y, 'a metric');
      samples.push(sample(start));
    }
  }
}
