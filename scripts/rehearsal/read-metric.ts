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

/** A metric with the query that measures it, and how the results are judged. */
export interface MeasuredMetric extends Metric {
  /** Whom the controller asks: `prometheus`, `web`, `job` … */
  readonly provider: string;
  /** PromQL, arguments filled in; undefined for another provider, which no world can ask. */
  readonly query: string | undefined;
  /** Undefined where the query is asked for one moment. */
  readonly range: RangeQuery | undefined;
  /** `file:line:column` of the query. */
  readonly place: string;
  readonly conditions: Conditions;
  /** What a value is compared with, where the condition is one comparison with a number: the line in a chart. */
  readonly limit: number | undefined;
  /** Why Prometheus cannot be asked: every read is this Error. */
  readonly providerError: string | undefined;
}

/** A metric of a run, arguments filled in. */
export interface MetricSource {
  /** What the controller schedules by: nothing in it comes from a Secret. */
  readonly scheduled: JsonMap;
  /** What it measures with. */
  readonly measured: JsonMap;
  /** In the template, for errors. */
  readonly path: Path;
  readonly place: string;
  readonly isDryRun: boolean;
  /** The controller's ARGO_ROLLOUTS_PROMETHEUS_ADDRESS. */
  readonly prometheusAddress: string;
}

/** Throws PlanError for what is not played: fields that are not known, conditions on what Prometheus answers that are not. */
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

/** Of a Job and of Kayenta the controller asks no conditions. */
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

/** When a metric is read and what decides, as written; the others are Argo's defaults. Durations must be valid. */
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
