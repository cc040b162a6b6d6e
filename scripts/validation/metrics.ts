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
export function metricProblems(metric: JsonMap, isDuplicate: boolean): readonly MetricProblem[] {
  const limit = (field: string) => limitValue(metric[field]) ?? 0;
  const [count, failures, successes] = [limit('count'), limit('failureLimit'), limit('consecutiveSuccessLimit')];
  const isCounted = count > 0 && successes >= 0;
  const sum = `failureLimit + consecutiveSuccessLimit (${failures} + ${successes})`;
  const [interval, delay] = [durationError(metric, 'interval'), durationError(metric, 'initialDelay')];
  const providers = providersOf(metric).length;
  const cannotEnd = 'failureLimit and consecutiveSuccessLimit cannot both be disabled';
  const reasons: readonly (readonly [isBroken: boolean, field: string, message: string])[] = [
    [isDuplicate, 'name', `duplicate name '${String(metric.name ?? '')}'`],
    [successes < 0, 'consecutiveSuccessLimit', 'consecutiveSuccessLimit must be >= 0'],
    [failures < -1, 'failureLimit', 'failureLimit must be >= 0, or -1 to be disabled'],
    [failures === -1 && successes === 0, 'failureLimit', cannotEnd],
    [limit('inconclusiveLimit') < 0, 'inconclusiveLimit', 'inconclusiveLimit must be >= 0'],
    [limit('consecutiveErrorLimit') < 0, 'consecutiveErrorLimit', 'consecutiveErrorLimit must be >= 0'],
    [
      isCounted && failures >= 0 && count < failures + successes,
      'count',
      `count (${count}) must be >= ${sum} if both >= 0`,
    ],
    [isCounted && failures < 0 && count < successes, 'count', 'count must be >= consecutiveSuccessLimit'],
    [count > 0 && count < limit('inconclusiveLimit'), 'count', 'count must be >= inconclusiveLimit'],
    [count > 1 && (textAt(metric, ['interval']) ?? '') === '', 'interval', 'interval must be specified when count > 1'],
    [interval !== undefined, 'interval', `invalid interval string: time: ${interval}`],
    [delay !== undefined, 'initialDelay', `invalid startDelay string: time: ${delay}`],
    [providers === 0, 'provider', 'no provider specified'],
    [providers > 1, 'provider', 'multiple providers specified'],
  ];
  return reasons.flatMap(([isBroken, field, message]) => (isBroken ? [{ field, message }] : []));
}

/** Why a field is no duration, in Go's words; undefined if it is one or is missing. */
function durationError(metric: JsonMap, field: string): string | undefined {
  try {
    parseAnalysisDuration(textAt(metric, [field]) ?? '');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The providers of a metric, each plugin by its name. */
function providersOf(metric: JsonMap): readonly string[] {
  return Object.entries(mapAt(metric, ['provider'])).flatMap(([kind, value]) =>
    kind === 'plugin' ? Object.keys(mapAt(value)) : isMap(value) ? [kind] : [],
  );
}
