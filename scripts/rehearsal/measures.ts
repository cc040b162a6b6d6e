import type { MeasurementPhase } from '../argo/metric.ts';
import { checkNames } from './errors.ts';
import { judge } from './judge.ts';
import type { MeasuredMetric } from './read-metric.ts';
import type { Reading } from './release.ts';
import type { Workload } from './workload.ts';

/** One measurement as a scenario gives it: a value for the metric's conditions, or the phase itself. */
export type Measure = number | readonly number[] | MeasurementPhase;

/** Measurements by metric name, in order; the last one repeats. */
export type Measures = Readonly<Record<string, readonly Measure[]>>;

/**
 * Creates a function that returns a metric's next measurement from the scenario's `measures`, for metrics that a world
 * cannot query. Without any it is Successful. Throws RehearsalError where `measures` names a metric that the Rollout does
 * not have.
 */
export function createMeasures(
  { metrics }: Pick<Workload, 'metrics'>,
  measures: Measures,
): (metric: MeasuredMetric) => Reading {
  checkNames(
    'measures must name metrics of the Rollout',
    measures,
    metrics.map(({ name }) => name),
  );
  const taken = new Map<MeasuredMetric, number>();
  return (metric) => {
    const index = taken.get(metric) ?? 0;
    taken.set(metric, index + 1);
    const course = measures[metric.name] ?? [];
    const measure = course[Math.min(index, course.length - 1)];
    if (measure === undefined) {
      return { phase: 'Successful', value: 'assumed' };
    }
    if (typeof measure === 'string') {
      return measure === 'Error'
        ? { phase: measure, message: 'as the scenario has it' }
        : { phase: measure, value: '' };
    }
    const { successCondition = '', failureCondition = '' } = metric.conditions;
    const isJudged = successCondition !== '' || failureCondition !== '';
    // A Prometheus query usually returns a vector, so its conditions expect a list.
    const result = metric.provider.startsWith('prometheus') && typeof measure === 'number' ? [measure] : measure;
    return isJudged
      ? judge(metric, result)
      : { phase: measure === 0 ? 'Failed' : 'Successful', value: String(measure) };
  };
}

/** Metrics that affect the verdict but have neither a query nor `measures`, as texts: `'smoke-test' (job)`. */
export function unmeasured({ metrics }: Pick<Workload, 'metrics'>, measures: Measures = {}): readonly string[] {
  const found = metrics.filter(({ name, query, isDryRun }) => query === undefined && !isDryRun && !(name in measures));
  return [...new Set(found.map(({ name, provider }) => `'${name}' (${provider})`))];
}

/** A line for the user about measurements that are assumed; empty where none are. */
export function assumedMeasures(workload: Pick<Workload, 'metrics'>, measures: Measures = {}): readonly string[] {
  const found = unmeasured(workload, measures);
  return found.length === 0
    ? []
    : [`assumed: every measurement of ${found.join(' and ')} is Successful (\`measures\` in a scenario gives others)`];
}
