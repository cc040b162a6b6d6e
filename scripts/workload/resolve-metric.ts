import { quoteGo } from '../go/text.ts';
import type { JsonMap } from '../manifest/json.ts';
import { type Argument, UNKNOWN } from './analysis-arguments.ts';

/** A metric with its arguments filled in. */
export interface ResolvedMetric {
  /** If there is a problem: with `UNKNOWN` for each missing value, or as written if the result is not JSON. */
  readonly metric: JsonMap;
  /** Why the controller cannot fill them in, in its own words; undefined if it can. */
  readonly problem: string | undefined;
}

/** Returns the text that replaces an argument's placeholders; undefined if the argument has no value. */
export type ValueOf = (argument: Argument) => string | undefined;

/** Values for checking and scheduling a run's metrics. The controller reads a Secret only when it measures. */
export const withoutSecrets: ValueOf = ({ isSecret, value }) => (isSecret ? 'temp-for-secret' : value);

/** The values in the files; `UNKNOWN` for those that only a cluster knows. */
export const asWritten: ValueOf = ({ unknown, value }) => (unknown === undefined ? value : UNKNOWN);

/** Every `{{…}}` in a text, as `fasttemplate` finds them. */
const PLACEHOLDER = /\{\{([\s\S]*?)\}\}/g;

/** The trimmed contents of a text's placeholders, such as `args.service`. */
export function placeholdersOf(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, tag = '']) => tag.trim());
}

/**
 * Fills arguments into the JSON text of a metric: every field may have placeholders. Mirrors `ResolveMetricArgs` in argo-rollouts
 * `utils/analysis/factory.go` and `ResolveQuotedArgs` in `utils/template/template.go` (v1.10.2).
 */
export function resolveMetric(metric: JsonMap, args: readonly Argument[], fill: ValueOf): ResolvedMetric {
  const text = JSON.stringify(inFieldOrder(metric));
  if (!text.includes('{{')) {
    // The controller refuses an argument without a value even if no placeholder uses it.
    return { metric, problem: unsupplied(args, fill) };
  }
  const values = new Map(args.map((argument) => [`args.${argument.name}`, fill(argument)]));
  let unresolved: string | undefined;
  const filled = text.replace(PLACEHOLDER, (_, tag: string) => {
    const value = values.get(tag.trim());
    unresolved = value === undefined ? `failed to resolve {{${tag}}}` : unresolved;
    return value === undefined ? UNKNOWN : quoteGo(value);
  });
  const isUnclosed = text.replace(PLACEHOLDER, '').includes('{{');
  const problem = (isUnclosed ? 'Cannot find end tag="}}"' : undefined) ?? unsupplied(args, fill) ?? unresolved;
  try {
    return { metric: JSON.parse(filled) as JsonMap, problem };
  } catch (error) {
    // A placeholder spanned JSON syntax, or a value was quoted with an escape that Go has and JSON lacks.
    const [, letter] = /(?<!\\)(?:\\\\)*\\([avxU])/.exec(filled) ?? [];
    const reason = letter && `invalid character '${letter}' in string escape code`;
    return { metric, problem: problem ?? reason ?? (error as Error).message };
  }
}

function unsupplied(args: readonly Argument[], fill: ValueOf): string | undefined {
  const argument = args.find((one) => fill(one) === undefined);
  return argument && `argument "${argument.name}" was not supplied`;
}

/** The order in which Go writes a metric's fields. If several placeholders fail, the error names the last in this order. */
const ORDER = [
  ...['name', 'interval', 'initialDelay', 'count', 'successCondition', 'failureCondition', 'failureLimit'],
  ...['inconclusiveLimit', 'consecutiveErrorLimit', 'provider', 'consecutiveSuccessLimit'],
];

function inFieldOrder(metric: JsonMap): JsonMap {
  return {
    ...Object.fromEntries(ORDER.filter((field) => field in metric).map((field) => [field, metric[field] ?? null])),
    ...metric,
  };
}
