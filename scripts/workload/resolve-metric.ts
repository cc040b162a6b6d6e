import { quoteGo } from '../go/quote.ts';
import type { JsonMap } from '../manifest/json.ts';
import { type Argument, UNKNOWN } from './analysis-arguments.ts';

/** A metric with its arguments filled in. */
export interface ResolvedMetric {
  /** Where there is a problem, stand-ins are in the places that cannot be filled in. */
  readonly metric: JsonMap;
  /** Why the controller cannot fill them in, in its words. */
  readonly problem: string | undefined;
}

/** What an argument is filled in as; undefined for one that has no value. */
export type ValueOf = (argument: Argument) => string | undefined;

/** What a run's metrics are checked and scheduled with: the controller reads no Secret before it measures. */
export const withoutSecrets: ValueOf = ({ isSecret, value }) => (isSecret ? 'temp-for-secret' : value);

/** What a rehearsal measures with, as far as the files say it. */
export const asWritten: ValueOf = ({ unknown, value }) => (unknown === undefined ? value : UNKNOWN);

/** Every `{{…}}` in a text, as `fasttemplate` finds them. */
const PLACEHOLDER = /\{\{([\s\S]*?)\}\}/g;

/** The names in a text's placeholders, `args.` before those of arguments. */
export function placeholdersOf(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, tag = '']) => tag.trim());
}

/**
 * Fills in the whole JSON of a metric, so that limits and durations may be arguments too. Mirrors `ResolveMetricArgs` in argo-rollouts
 * `utils/analysis/factory.go` and `ResolveQuotedArgs` in `utils/template/template.go` (v1.10.2).
 */
export function resolveMetric(metric: JsonMap, args: readonly Argument[], fill: ValueOf): ResolvedMetric {
  const text = JSON.stringify(inFieldOrder(metric));
  if (!text.includes('{{')) {
    // What is not supplied fails even where nothing asks for it.
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
    // A placeholder that swallowed JSON's own characters, or an escape that Go has and JSON has not.
    const [, letter] = /(?<!\\)(?:\\\\)*\\([avxU])/.exec(filled) ?? [];
    const reason = letter && `invalid character '${letter}' in string escape code`;
    return { metric, problem: problem ?? reason ?? (error as Error).message };
  }
}

function unsupplied(args: readonly Argument[], fill: ValueOf): string | undefined {
  const argument = args.find((one) => fill(one) === undefined);
  return argument && `argument "${argument.name}" was not supplied`;
}

/** The order in which Go writes a metric's fields: of several placeholders that fail, the last in it is named. */
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
