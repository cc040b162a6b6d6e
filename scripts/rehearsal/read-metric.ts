import { parseAnalysisDuration } from '../argo/duration.ts';
import { limitValue } from '../argo/limit.ts';
import type { Metric } from '../argo/metric.ts';
import { type Conditions, whatIsUnknown } from '../condition/evaluate.ts';
import { at, isMap, type JsonMap, mapAt, type Path, textAt } from '../manifest/json.ts';
import { prometheusProblem } from '../validation/prometheus.ts';
import { checkFields } from './check-fields.ts';
import { METRIC_FIELDS } from './fields.ts';
import { PlanError } from './plan-error.ts';
import type { RangeQuery } from './range-query.ts';

/** A metric with its query and the conditions for the result. */
export interface MeasuredMetric extends Metric {
  /** Name of the provider field: `prometheus`, `web`, `job` … */
  readonly provider: string;
  /** PromQL with its arguments filled in; undefined for another provider than Prometheus. */
  readonly query: string | undefined;
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

/** Throws PlanError for a field that is unknown or refused, and for a condition that cannot be played. */
export function readMetric({
  scheduled,
  measured,
  path,
  place,
  isDryRun,
  prometheusAddress,
}: MetricSource): MeasuredMetric {
  checkFields(measured, METRIC_FIELDS, path);
  return {
    name: textAt(scheduled, ['name']) ?? '',
    isDryRun,
    place,
    ...(isMap(at(measured, ['provider', 'prometheus']))
      ? readQuery(measured, path, prometheusAddress)
      : readOther(measured)),
    limit: limitOf(measured),
    ...readSchedule(scheduled),
  };
}

type Asked = Pick<MeasuredMetric, 'provider' | 'query' | 'range' | 'providerError' | 'conditions'>;

function readQuery(metric: JsonMap, path: Path, prometheusAddress: string): Asked {
  const range = at(metric, ['provider', 'prometheus', 'rangeQuery']);
  const field = (name: string) => textAt(range ?? null, [name]) ?? '';
  return {
    provider: 'prometheus',
    query: textAt(metric, ['provider', 'prometheus', 'query']) ?? '',
    range: isMap(range) ? { start: field('start'), end: field('end'), step: field('step') } : undefined,
    providerError: prometheusProblem(metric, prometheusAddress),
    conditions: readConditions(metric, path),
  };
}

/** For any other provider; the controller evaluates no conditions for `job` and `kayenta`. */
function readOther(metric: JsonMap): Asked {
  const [provider = ''] = Object.keys(mapAt(metric, ['provider']));
  const condition = (field: string) => textAt(metric, [field]) ?? '';
  const conditions = {
    successCondition: condition('successCondition'),
    failureCondition: condition('failureCondition'),
  };
  const isJudged = provider !== 'job' && provider !== 'kayenta';
  return {
    provider,
    query: undefined,
    range: undefined,
    providerError: undefined,
    conditions: isJudged ? conditions : {},
  };
}

type Schedule = Omit<Metric, 'name' | 'isDryRun'>;

/** Interval, delay and limits of a metric; absent ones are left out for Argo's defaults. Throws RangeError for a bad duration. */
export function readSchedule(metric: Readonly<Record<string, unknown>>): Schedule {
  const seconds = (field: string) => {
    const text = metric[field];
    return typeof text === 'string' && text !== '' ? parseAnalysisDuration(text) : undefined;
  };
  const fields = {
    interval: seconds('interval'),
    initialDelay: seconds('initialDelay'),
    count: limitValue(metric.count),
    failureLimit: limitValue(metric.failureLimit),
    inconclusiveLimit: limitValue(metric.inconclusiveLimit),
    consecutiveErrorLimit: limitValue(metric.consecutiveErrorLimit),
    consecutiveSuccessLimit: limitValue(metric.consecutiveSuccessLimit),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function readConditions(metric: JsonMap, path: Path): Conditions {
  const conditions: Record<string, string> = {};
  for (const field of ['successCondition', 'failureCondition']) {
    const text = textAt(metric, [field]) ?? '';
    const unknown = whatIsUnknown(text);
    if (unknown !== undefined) {
      throw new PlanError([...path, field], `${field} cannot be played: ${unknown}`);
    }
    conditions[field] = text;
  }
  return conditions;
}

function limitOf(metric: JsonMap): number | undefined {
  const condition = textAt(metric, ['successCondition']) ?? textAt(metric, ['failureCondition']) ?? '';
  const [, number] = /^\s*result(?:\[0\])?\s*[<>]=?\s*(\d*\.?\d+)\s*$/.exec(condition) ?? [];
  return number === undefined ? undefined : Number(number);
}
