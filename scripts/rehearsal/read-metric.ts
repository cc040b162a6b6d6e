import { parseAnalysisDuration } from '../argo/duration.ts';
import { limitValue } from '../argo/limit.ts';
import type { Metric } from '../argo/metric.ts';
import { ConditionSyntaxError } from '../condition/errors.ts';
import type { Conditions } from '../condition/evaluate.ts';
import { parseCondition } from '../condition/parse.ts';
import { at, isMap, type JsonMap, mapAt, type Path, textAt } from '../manifest/json.ts';
import type { GateArg } from './gate-args.ts';
import { PlanError } from './read-plan.ts';

/** A metric with what it asks and how its answers are judged. */
export interface GateMetric extends Metric {
  /** PromQL with `{{args.name}}` still in it. */
  readonly query: string;
  readonly args: readonly GateArg[];
  /** `file:line:column` of the query. */
  readonly place: string;
  readonly conditions: Conditions;
  /** What a value is compared with, where the condition is one comparison with a number: the line in a chart. */
  readonly limit: number | undefined;
  /** Why a condition cannot be compiled: every read is this Error. */
  readonly conditionError: string | undefined;
}

/**
 * One metric of a template. `path` is its place, for errors. Throws PlanError for other providers than Prometheus and for a duration
 * that is none.
 */
export function readMetric(
  metric: JsonMap,
  path: Path,
  args: readonly GateArg[],
  isDryRun: (name: string) => boolean,
): GateMetric {
  const name = textAt(metric, ['name']) ?? '';
  const [provider = 'none'] = Object.keys(mapAt(metric, ['provider']));
  const query = textAt(metric, ['provider', 'prometheus', 'query']);
  if (query === undefined || isMap(at(metric, ['provider', 'prometheus', 'rangeQuery']))) {
    throw new PlanError(
      [...path, 'provider'],
      `the provider must be a Prometheus query to be played here, got '${provider}'`,
    );
  }
  const durations = {
    interval: seconds(metric, 'interval', path),
    initialDelay: seconds(metric, 'initialDelay', path),
  };
  return {
    name,
    isDryRun: isDryRun(name),
    query,
    args,
    place: '',
    limit: limitOf(metric),
    ...readConditions(metric),
    ...withoutUndefined(durations),
    ...readLimits(metric),
  };
}

type Limits = Pick<
  Metric,
  'count' | 'failureLimit' | 'inconclusiveLimit' | 'consecutiveErrorLimit' | 'consecutiveSuccessLimit'
>;

/** The limits that are written; the others are Argo's defaults. */
export function readLimits(metric: Readonly<Record<string, unknown>>): Limits {
  return withoutUndefined({
    count: limitValue(metric.count),
    failureLimit: limitValue(metric.failureLimit),
    inconclusiveLimit: limitValue(metric.inconclusiveLimit),
    consecutiveErrorLimit: limitValue(metric.consecutiveErrorLimit),
    consecutiveSuccessLimit: limitValue(metric.consecutiveSuccessLimit),
  });
}

function withoutUndefined(fields: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

function seconds(metric: JsonMap, field: string, path: Path): number | undefined {
  const text = textAt(metric, [field]) ?? '';
  if (text === '') {
    return undefined;
  }
  try {
    return parseAnalysisDuration(text);
  } catch (error) {
    throw new PlanError([...path, field], `${field} must be a duration such as 30s: ${(error as Error).message}`);
  }
}

function readConditions(metric: JsonMap): Pick<GateMetric, 'conditions' | 'conditionError'> {
  try {
    const conditions = Object.fromEntries(
      ['successCondition', 'failureCondition'].flatMap((field) => {
        const text = textAt(metric, [field]) ?? '';
        return text === '' ? [] : [[field, parseCondition(text)]];
      }),
    );
    return { conditions, conditionError: undefined };
  } catch (error) {
    if (!(error instanceof ConditionSyntaxError)) {
      throw error;
    }
    return { conditions: {}, conditionError: error.message };
  }
}

function limitOf(metric: JsonMap): number | undefined {
  const condition = textAt(metric, ['successCondition']) ?? textAt(metric, ['failureCondition']) ?? '';
  const [, number] = /^\s*result(?:\[0\])?\s*[<>]=?\s*(\d*\.?\d+)\s*$/.exec(condition) ?? [];
  return number === undefined ? undefined : Number(number);
}
