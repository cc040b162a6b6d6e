import { parseAnalysisDuration } from '../argo/duration.ts';
import { limitValue } from '../argo/limit.ts';
import { isMap, type JsonMap, mapAt, textAt } from '../manifest/json.ts';

/** What the controller refuses about a metric, in its own words. */
interface MetricProblem {
  readonly field: string;
  readonly message: string;
}

/**
 * The first reason why the controller refuses a run's metrics, undefined if it accepts them. Their arguments must be filled in.
 * Mirrors `ValidateMetrics` in argo-rollouts `utils/analysis/factory.go` (v1.10.2).
 */
export function metricsProblem(metrics: readonly JsonMap[]): string | undefined {
  if (metrics.length === 0) {
    return 'no metrics specified';
  }
  const names = metrics.map(({ name }) => name);
  for (const [index, metric] of metrics.entries()) {
    const [first] = metricProblems(metric, names.slice(0, index).includes(metric.name));
    if (first !== undefined) {
      return `metrics[${index}]: ${first.message}`;
    }
  }
  return undefined;
}

/** Every reason why the controller refuses one metric, in the order of `ValidateMetric`. */
export function* metricProblems(metric: JsonMap, isDuplicate: boolean): Generator<MetricProblem> {
  const problem = (field: string, message: string): MetricProblem => ({ field, message });
  const limit = (field: string) => limitValue(metric[field]) ?? 0;
  const [count, failures, successes] = [limit('count'), limit('failureLimit'), limit('consecutiveSuccessLimit')];
  const interval = textAt(metric, ['interval']) ?? '';
  if (isDuplicate) {
    yield problem('name', `duplicate name '${String(metric.name ?? '')}'`);
  }
  if (successes < 0) {
    yield problem('consecutiveSuccessLimit', 'consecutiveSuccessLimit must be >= 0');
  }
  if (failures < -1) {
    yield problem('failureLimit', 'failureLimit must be >= 0, or -1 to be disabled');
  }
  if (successes === 0 && failures === -1) {
    yield problem('failureLimit', 'failureLimit and consecutiveSuccessLimit cannot both be disabled');
  }
  for (const field of ['inconclusiveLimit', 'consecutiveErrorLimit']) {
    if (limit(field) < 0) {
      yield problem(field, `${field} must be >= 0`);
    }
  }
  if (count > 0 && successes >= 0) {
    if (failures >= 0 && count < failures + successes) {
      const sum = `failureLimit + consecutiveSuccessLimit (${failures} + ${successes})`;
      yield problem('count', `count (${count}) must be >= ${sum} if both >= 0`);
    } else if (failures < 0 && count < successes) {
      yield problem('count', 'count must be >= consecutiveSuccessLimit');
    }
  }
  if (count > 0 && count < limit('inconclusiveLimit')) {
    yield problem('count', 'count must be >= inconclusiveLimit');
  }
  if (count > 1 && interval === '') {
    yield problem('interval', 'interval must be specified when count > 1');
  }
  for (const [field, what] of [
    ['interval', 'interval'],
    ['initialDelay', 'startDelay'],
  ] as const) {
    try {
      parseAnalysisDuration(textAt(metric, [field]) ?? '');
    } catch (error) {
      yield problem(field, `invalid ${what} string: time: ${(error as Error).message}`);
    }
  }
  const providers = providersOf(metric).length;
  if (providers !== 1) {
    yield problem('provider', providers === 0 ? 'no provider specified' : 'multiple providers specified');
  }
}

/** The providers of a metric, each plugin by its name. */
function providersOf(metric: JsonMap): readonly string[] {
  return Object.entries(mapAt(metric, ['provider'])).flatMap(([kind, value]) =>
    kind === 'plugin' ? Object.keys(mapAt(value)) : isMap(value) ? [kind] : [],
  );
}
