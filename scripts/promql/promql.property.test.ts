import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyText, examples } from '../../api/testing/fuzz.ts';
import { PromqlError, PromqlSyntaxError } from './errors.ts';
import { evaluatePromql } from './evaluate.ts';
import { parsePromql } from './parse.ts';
import { createSeriesStore } from './store.ts';
import { promql, series, soup } from './testing/arbitrary-promql.ts';

/** The parsed query; undefined where it is refused as it may be. */
function parsed(text: string) {
  try {
    return parsePromql(text);
  } catch (error) {
    if (!(error instanceof PromqlSyntaxError)) {
      throw error;
    }
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(text.length);
    return undefined;
  }
}

describe('a query', () => {
  test.each([
    ['any text', anyText({ maxLength: 50 }), 300],
    ['any row of tokens', soup, 500],
  ])('%s is read or refused', (_, texts, count) => {
    fc.assert(
      fc.property(texts, (text) => {
        parsed(text);
      }),
      examples(count),
    );
  });

  test('by the grammar is read, and answers something of its type or its own error', () => {
    fc.assert(
      fc.property(promql, series, (text, list) => {
        const query = parsePromql(text);
        try {
          const result = evaluatePromql(query, createSeriesStore(list), 1000);
          expect(['scalar', 'vector', 'matrix', 'string']).toContain(result.type);
        } catch (error) {
          expect(error).toBeInstanceOf(PromqlError);
        }
      }),
      examples(400),
    );
  });
});
