import { formatOf } from './content-type.ts';
import { OPEN_METRICS, TEXT } from './grammars.ts';
import { createLexer, describeToken } from './lexer.ts';
import { type MetricType, readMetadata } from './metadata.ts';
import { type ExposedSample, readSample } from './sample.ts';

/** What a target exposes at one moment. */
export interface Exposition {
  /** In the target's order. Two samples with the same labels are not an error here. */
  readonly samples: readonly ExposedSample[];
  /** By the name in the `# TYPE` line: a histogram's without `_bucket`. */
  readonly types: ReadonlyMap<string, MetricType>;
}

/**
 * Reads a response of /metrics as Prometheus 3 does (model/textparse, v0.313.2), without exemplars. Throws ExpositionError on
 * the first mistake that Prometheus would refuse; Prometheus stores nothing of such a response.
 */
export function parseExposition(body: string, contentType: string): Exposition {
  const isOpenMetrics = formatOf(contentType) === 'openmetrics';
  // In the text format the last line may lack its newline.
  const text = isOpenMetrics ? body : `${body}\n`;
  const lexer = createLexer(text, isOpenMetrics ? OPEN_METRICS : TEXT);
  const samples: ExposedSample[] = [];
  const types = new Map<string, MetricType>();
  let type: MetricType | undefined;
  for (;;) {
    const start = lexer.position();
    const token = lexer.next();
    switch (token.type) {
      case 'end':
        return isOpenMetrics ? lexer.fail(token, 'an OpenMetrics text must end with # EOF') : { samples, types };
      case 'eofWord':
        lexer.expect(lexer.next(), 'end', 'nothing after # EOF');
        return { samples, types };
      case 'help':
      case 'type':
      case 'unit': {
        const line = readMetadata(lexer, token, isOpenMetrics);
        if (line !== undefined) {
          type = line.type;
          types.set(line.metric, line.type);
        }
        break;
      }
      case 'comment':
        lexer.expect(lexer.next(), 'linebreak', 'a line break');
        break;
      case 'name':
      case 'open':
        samples.push(readSample(lexer, token, { isOpenMetrics, type, textUntil: (end) => text.slice(start, end) }));
        break;
      case 'linebreak':
        break;
      default:
        lexer.fail(token, `expected a metric, got ${describeToken(token)}`);
    }
  }
}
