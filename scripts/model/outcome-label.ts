import type { Matcher } from '../promql/matcher.ts';

/** How a request ended: `client` is an error of the client, a 4xx. */
export type RequestOutcome = (typeof OUTCOMES)[number];

export const OUTCOMES = ['succeeded', 'client', 'failed'] as const;

/** A label whose values tell how requests ended. */
export interface OutcomeLabel {
  readonly label: string;
  readonly values: Readonly<Record<RequestOutcome, string>>;
}

/** Values of such labels in common instrumentation, the most common first; `labels` limits a row to labels of such a name. */
const VOCABULARIES: readonly (readonly [succeeded: string, client: string, failed: string, labels?: RegExp])[] = [
  ['200', '404', '500'],
  ['2xx', '4xx', '5xx'],
  // Envoy's response code class.
  ['2', '4', '5', /class/],
  // gRPC, by name and by number.
  ['OK', 'NotFound', 'Internal'],
  ['0', '5', '13', /grpc/],
  // Micrometer.
  ['SUCCESS', 'CLIENT_ERROR', 'SERVER_ERROR'],
  ['false', 'false', 'true', /err|fail/i],
  ['true', 'true', 'false'],
  ['success', 'success', 'failure'],
  ['success', 'success', 'error'],
  ['success', 'success', 'failed'],
];

/** Finds the label by which a metric's matchers tell failed requests from others; undefined where there is none. */
export function findOutcomeLabel(matchers: readonly Matcher[]): OutcomeLabel | undefined {
  for (const [label, group] of Map.groupBy(matchers, (matcher) => matcher.label)) {
    for (const [succeeded, client, failed, labels = /./] of VOCABULARIES) {
      const values = { succeeded, client, failed };
      if (labels.test(label) && group.some((matcher) => tells(matcher, values))) {
        return { label, values };
      }
    }
    // Matchers that name single codes, such as 503.
    const codes = group.flatMap(({ value }) => value.match(/\b[1-5]\d\d\b/g) ?? []);
    const first = (digits: RegExp, usual: string) => codes.find((code) => digits.test(code)) ?? usual;
    const values = { succeeded: first(/^[23]/, '200'), client: first(/^4/, '404'), failed: first(/^5/, '500') };
    if (group.some((matcher) => tells(matcher, values))) {
      return { label, values };
    }
  }
  return undefined;
}

function tells({ matches }: Matcher, { succeeded, client, failed }: OutcomeLabel['values']): boolean {
  return matches(succeeded) !== matches(failed) || matches(succeeded) !== matches(client);
}
