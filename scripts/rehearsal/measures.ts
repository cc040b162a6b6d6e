import type { MeasurementPhase } from '../argo/metric.ts';
import { RehearsalError } from './errors.ts';
import { judge } from './judge.ts';
import type { MeasuredMetric } from './read-metric.ts';
import type { Reading } from './release.ts';
import type { Workload } from './workload.ts';

/** One measurement of a metric as a scenario has it: a value for its conditions, or the phase itself. */
export type Measure = number | readonly number[] | MeasurementPhase;

/** Measurements by metric, in their order; the last one repeats. */
export type Measures = Readonly<Record<string, readonly Measure[]>>;

/**
 * Measurements that a world cannot make, such as those of another provider: as the scenario has them, else Successful.
 * Throws RehearsalError for measures of a metric that there is none of.
 */
export function createMeasures(
  { metrics }: Pick<Workload, 'metrics'>,
  measures: Measures,
): (metric: MeasuredMetric) => Reading {
  const names = metrics.map(({ name }) => name);
  const unknown = Object.keys(measures).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const known = names.join(', ') || 'there is none';
    throw new RehearsalError(`measures must name metrics of the Rollout (${known}), got '${unknown}'`);
  }
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
    // Prometheus answers with a list of series.
    const result = metric.provider.startsWith('prometheus') && typeof measure === 'number' ? [measure] : measure;
    return isJudged
      ? judge(metric, result)
      : { phase: measure === 0 ? 'Failed' : 'Successful', value: String(measure) };
  };
}

/** Metrics that decide and that nothing here can measure: `'smoke-test' (job)`. */
export function unmeasured({ metrics }: Pick<Workload, 'metrics'>, measures: Measures = {}): readonly string[] {
  const found = metrics.filter(({ name, query, isDryRun }) => query === undefined && !isDryRun && !(name in measures));
  return [...new Set(found.map(({ name, provider }) => `'${name}' (${provider})`))];
}

/** A line for people where measurements are assumed. */
export function assumedMeasures(workload: Pick<Workload, 'metrics'>, measures: Measures = {}): readonly string[] {
  const found = unmeasured(workload, measures);
  return found.length === 0
    ? []
    : [`assumed: every measurement of ${found.join(' and ')} is Successful (\`measures\` in a scenario gives others)`];
}
