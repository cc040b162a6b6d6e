import { parseAnalysisDuration } from '../argo/duration.ts';
import { limitValue } from '../argo/limit.ts';
import type { Metric } from '../argo/metric.ts';
import { type Conditions, whatIsUnknown } from '../condition/evaluate.ts';
import { isMap, type JsonMap, mapAt, type Path, textAt } from '../manifest/json.ts';
import type { Expr } from '../promql/ast.ts';
import { PromqlSyntaxError } from '../promql/errors.ts';
import { parsePromql } from '../promql/parse.ts';
import { prometheusProblem } from '../validation/prometheus.ts';
import { checkFields } from './check-fields.ts';
import { RehearsalError } from './errors.ts';
import { METRIC_FIELDS } from './fields.ts';
import { PlanError } from './plan-error.ts';
import type { RangeQuery } from './range-query.ts';

/** A metric with its query and the conditions for the result. */
export interface MeasuredMetric extends Metric {
  /** Name of the provider field: `prometheus`, `web`, `job` … */
  readonly provider: string;
  /** PromQL with its arguments filled in; undefined for another provider than Prometheus. */
  readonly query: string | undefined;
  /** The query, parsed. */
  readonly expr: Expr | undefined;
  /** Undefined for an instant query. */
  readonly range: RangeQuery | undefined;
  /** `file:line:column` of the query. */
  readonly place: string;
  readonly conditions: Conditions;
  /** The number that a chart draws as a line: set where the condition is a single comparison of `result` with a number. */
  readonly limit: number | undefined;
  /** Why the controller cannot query Prometheus: every measurement is an Error with this message. */
  readonly providerError: string | undefined;
}

/** A metric of a run with its arguments filled in. */
export interface MetricSource {
  /** The metric as the controller schedules it, before it reads values from Secrets. */
  readonly scheduled: JsonMap;
  /** The metric as it is measured, with the values of all its arguments. */
  readonly measured: JsonMap;
  /** Path of the metric in its template, for errors. */
  readonly path: Path;
  /** `file:line:column` of the query. */
  readonly place: string;
  readonly isDryRun: boolean;
  /** The controller's ARGO_ROLLOUTS_PROMETHEUS_ADDRESS; empty for none. */
  readonly prometheusAddress: string;
}

/**
 * Throws PlanError for a field that is unknown or refused, and for a condition that cannot be played; RehearsalError for a query that is
 * not PromQL.
 */
export function readMetric(source: MetricSource): MeasuredMetric {
  const { scheduled, measured, path, place, isDryRun, prometheusAddress } = source;
  checkFields(measured, METRIC_FIELDS, path);
  const { prometheus, ...others } = mapAt(measured, ['provider']);
  const text = (field: string) => textAt(measured, [field]) ?? '';
  const conditions = { successCondition: text('successCondition'), failureCondition: text('failureCondition') };
  const metric = {
    name: textAt(scheduled, ['name']) ?? '',
    isDryRun,
    place,
    conditions,
    limit: limitOf(measured),
    ...readSchedule(scheduled),
  };
  if (!isMap(prometheus)) {
    const [provider = ''] = Object.keys(others);
    // The controller evaluates no conditions for these two.
    const isJudged = provider !== 'job' && provider !== 'kayenta';
    return {
      ...metric,
      ...{ provider, query: undefined, expr: undefined, range: undefined, providerError: undefined },
      conditions: isJudged ? conditions : {},
    };
  }
  for (const [field, condition] of Object.entries(conditions)) {
    const unknown = whatIsUnknown(condition);
    if (unknown !== undefined) {
      throw new PlanError([...path, field], `${field} cannot be played: ${unknown}`);
    }
  }
  const query = textAt(prometheus, ['query']) ?? '';
  const range = prometheus.rangeQuery;
  const part = (name: string) => textAt(range, [name]) ?? '';
  return {
    ...metric,
    provider: 'prometheus',
    query,
    expr: parse(query, place),
    range: isMap(range) ? { start: part('start'), end: part('end'), step: part('step') } : undefined,
    providerError: prometheusProblem(measured, prometheusAddress),
  };
}

const LIMITS = ['count', 'failureLimit', 'inconclusiveLimit', 'consecutiveErrorLimit', 'consecutiveSuccessLimit'];

type Schedule = Omit<Metric, 'name' | 'isDryRun'>;

/** Interval, delay and limits of a metric; absent ones are left out for Argo's defaults. Throws RangeError for a bad duration. */
export function readSchedule(metric: Readonly<Record<string, unknown>>): Schedule {
  const seconds = (field: string) => {
    const text = metric[field];
    return typeof text === 'string' && text !== '' ? parseAnalysisDuration(text) : undefined;
  };
  const fields = [
    ...(['interval', 'initialDelay'] as const).map((field) => [field, seconds(field)] as const),
    ...LIMITS.map((field) => [field, limitValue(metric[field])] as const),
  ];
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function parse(query: string, place: string): Expr {
  try {
    return parsePromql(query);
  } catch (error) {
    if (!(error instanceof PromqlSyntaxError)) {
      throw error;
    }
    throw new RehearsalError(`${place}: query is not PromQL: ${error.message}`, { cause: error });
  }
}

function limitOf(metric: JsonMap): number | undefined {
  const condition = textAt(metric, ['successCondition']) ?? textAt(metric, ['failureCondition']) ?? '';
  const [, number] = /^\s*result(?:\[0\])?\s*[<>]=?\s*(\d*\.?\d+)\s*$/.exec(condition) ?? [];
  return number === undefined ? undefined : Number(number);
}
