import { ExpositionError } from '../exposition/errors.ts';
import { parseExposition } from '../exposition/parse.ts';
import { compare, type Difference, type JsonNumber, numberOf } from './check.ts';

interface ScrapeCase {
  readonly contentType: string;
  readonly body: string;
  readonly series?: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: JsonNumber;
    readonly timestamp?: number;
  }[];
}

export function checkScrape({ contentType, body, series }: ScrapeCase): Difference | undefined {
  const wanted = series?.map((sample) => ({ ...sample, value: numberOf(sample.value) })) ?? 'an error';
  try {
    const { samples } = parseExposition(body, contentType);
    return compare(
      wanted,
      samples.map(({ labels, ...sample }) => ({ ...sample, labels: Object.fromEntries(labels) })),
    );
  } catch (error) {
    if (!(error instanceof ExpositionError)) {
      throw error;
    }
    return compare(wanted, 'an error');
  }
}
