import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ExpositionError } from './errors.ts';
import { parseExposition } from './parse.ts';

interface ScrapeCase {
  readonly id: string;
  readonly contentType: string;
  readonly body: string;
  readonly series?: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number | string;
    readonly timestamp?: number;
  }[];
  readonly error?: string;
}

// Made by Prometheus' own parser (model/textparse of v0.313.2); the file says how.
const cases: ScrapeCase[] = JSON.parse(readFileSync(new URL('testdata/scrape.json', import.meta.url), 'utf8')).cases;

test.each(cases)('$id: what Prometheus reads from $body', ({ contentType, body, series, error }) => {
  if (error !== undefined) {
    expect(() => parseExposition(body, contentType)).toThrow(ExpositionError);
    return;
  }
  const samples = parseExposition(body, contentType).samples.map(({ labels, value, ...time }) => ({
    labels: Object.fromEntries(labels),
    value,
    ...time,
  }));
  expect(samples).toEqual(
    series?.map(({ value, ...rest }) => ({ value: Number(String(value).replace('Inf', 'Infinity')), ...rest })),
  );
});
