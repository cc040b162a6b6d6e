import { ExpositionError } from './errors.ts';

const TOKEN = "[!#$%&'*+.^_`|~{}0-9A-Za-z-]+";
const PARAMETER = `\\s*;\\s*(${TOKEN})\\s*=\\s*(${TOKEN}|"(?:\\\\.|[^"\\\\\\r\\n])*")`;
const MEDIA_TYPE = new RegExp(`^(${TOKEN}/${TOKEN})((?:${PARAMETER})*)(?:\\s*;)?$`);

export type ExpositionFormat = 'text' | 'openmetrics';

/**
 * The format that a Content-Type announces. Throws ExpositionError for any other: Prometheus 3 does not guess
 * where no `fallback_scrape_protocol` is set (`extractMediaType` in its model/textparse/interface.go).
 */
export function formatOf(contentType: string): ExpositionFormat {
  const [, mediaType = '', parameters = ''] = MEDIA_TYPE.exec(contentType.trim()) ?? [];
  const values = [...parameters.matchAll(new RegExp(PARAMETER, 'g'))].map(
    ([, name = '', value = '']) => [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1')] as const,
  );
  // A parameter may be repeated, but must not contradict itself.
  if (values.every(([name, value]) => new Map(values).get(name) === value)) {
    switch (mediaType.toLowerCase()) {
      case 'text/plain':
        return 'text';
      case 'application/openmetrics-text':
        return 'openmetrics';
    }
  }
  throw new ExpositionError(
    `Content-Type must be 'text/plain' or 'application/openmetrics-text', got '${contentType}': Prometheus 3 refuses it`,
  );
}
