import type { Measurement } from '../argo/metric.ts';
import { UnknownConditionError } from '../condition/errors.ts';
import { measure, type Outcome, type Result } from '../condition/evaluate.ts';
import { formatFloat } from '../go/float.ts';
import type { PromqlResult } from '../promql/evaluate.ts';
import { RehearsalError } from './errors.ts';
import type { MeasuredMetric } from './read-metric.ts';

/** Prometheus' response to a query: a result, or the error message. */
export type Answer = Result | { readonly error: string };

/** A query's result as the provider reads it: values without labels, in the order of the response. */
export function answerOf(result: PromqlResult): Answer {
  switch (result.type) {
    case 'scalar':
      return result.value;
    case 'vector':
      return result.samples.map(({ value }) => value);
    case 'matrix':
      // Every sample of every series, series by series.
      return result.series.flatMap(({ samples }) => samples.flatMap(({ value }) => (value === 'stale' ? [] : [value])));
    default:
      return { error: 'Prometheus metric type not supported' };
  }
}

/** One measurement, as the Prometheus provider makes it. Throws RehearsalError for a condition that cannot be played. */
export function judge(metric: MeasuredMetric, answer: Answer): Omit<Measurement, 'finishedAt'> {
  if (typeof answer === 'object' && 'error' in answer) {
    return { phase: 'Error', message: answer.error };
  }
  const { phase, message } = outcomeOf(metric, answer);
  return phase === 'Error' ? { phase, message: message ?? '' } : { phase, value: formatResult(answer) };
}

function outcomeOf({ conditions, place }: MeasuredMetric, result: Result): Outcome {
  try {
    // `now()` in a condition is wall-clock time: a rehearsal's own clock starts in 1970.
    return measure(conditions, result, Date.now() / 1000);
  } catch (error) {
    if (error instanceof UnknownConditionError) {
      throw new RehearsalError(`${place}: the condition of this query cannot be played: ${error.message}`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** `[0.97,1]`, as `sampleValuesToResultStr` in argo-rollouts `metricproviders/prometheus/prometheus.go` writes it. */
function formatResult(result: Result): string {
  return typeof result === 'number' ? formatFloat(result) : `[${result.map(formatFloat).join(',')}]`;
}
