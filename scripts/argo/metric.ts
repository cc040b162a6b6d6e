/** Phases of a metric and of a run. All but Pending and Running are final. */
export type AnalysisPhase = 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive';
export type MeasurementPhase = 'Successful' | 'Failed' | 'Error' | 'Inconclusive';

/** When a metric is measured, and how many measurements of each phase decide. An absent limit has Argo's default. */
export interface Metric {
  readonly name: string;
  /** Seconds between two measurements. */
  readonly interval?: number;
  /** Seconds after the run began. */
  readonly initialDelay?: number;
  readonly count?: number;
  /** Default 0; with a negative limit the metric never fails. */
  readonly failureLimit?: number;
  /** Default 0. */
  readonly inconclusiveLimit?: number;
  /** Default 4. */
  readonly consecutiveErrorLimit?: number;
  /** Consecutive successes after which the metric is Successful; default 0, for none. */
  readonly consecutiveSuccessLimit?: number;
  /** Whether the metric is measured and reported, but cannot fail the run. */
  readonly isDryRun: boolean;
}

export interface Measurement {
  readonly phase: MeasurementPhase;
  /** The provider's result as the controller writes it: `[0.97]`. */
  readonly value?: string;
  /** Why it is an Error. */
  readonly message?: string;
  /** Seconds since the epoch, whole: the controller keeps no fraction. */
  readonly finishedAt: number;
}

/** The state of one metric in a run: its phase and the count of its measurements. */
export type MetricResult = ReturnType<typeof createMetricResult>;

export function createMetricResult() {
  return {
    phase: 'Running' as AnalysisPhase,
    message: '',
    last: undefined as Measurement | undefined,
    /** Measurements that are not an Error. */
    count: 0,
    ...{ successful: 0, failed: 0, inconclusive: 0, error: 0 },
    consecutiveError: 0,
    consecutiveSuccess: 0,
  };
}

/** Whether a metric or a run has ended; a run that was not reconciled yet has the phase ''. Mirrors `Completed`. */
export function isCompleted(phase: AnalysisPhase | ''): boolean {
  return phase !== '' && phase !== 'Pending' && phase !== 'Running';
}

const COUNTERS = { Successful: 'successful', Failed: 'failed', Inconclusive: 'inconclusive', Error: 'error' } as const;

/** Mirrors the counters of `runMeasurements` in argo-rollouts `analysis/analysis.go` (v1.10.2). */
export function countMeasurement(result: MetricResult, measurement: Measurement): void {
  const { phase } = measurement;
  result.last = measurement;
  result[COUNTERS[phase]] += 1;
  result.count += Number(phase !== 'Error');
  result.consecutiveError = phase === 'Error' ? result.consecutiveError + 1 : 0;
  result.consecutiveSuccess = phase === 'Successful' ? result.consecutiveSuccess + 1 : 0;
}

/** Measurements after which a metric ends; 1 without `count` and `interval`, undefined for no end. Mirrors `EffectiveCount`. */
export function effectiveCount({ count, interval }: Metric): number | undefined {
  if (count === undefined || count === 0) {
    return interval === undefined ? 1 : undefined;
  }
  return count;
}

export interface Verdict {
  readonly phase: 'Failed' | 'Inconclusive' | 'Error';
  readonly message: string;
}

/**
 * The limit that is exceeded, undefined for none. Of several, Error goes before Inconclusive, then Failed. Mirrors
 * `assessMetricFailureInconclusiveOrError`.
 */
export function exceededLimit(metric: Metric, result: MetricResult): Verdict | undefined {
  const { failureLimit = 0, inconclusiveLimit = 0, consecutiveErrorLimit = 4 } = metric;
  const { failed, inconclusive, consecutiveError } = result;
  if (consecutiveError > consecutiveErrorLimit) {
    const message = `consecutiveErrors (${consecutiveError}) > consecutiveErrorLimit (${consecutiveErrorLimit})`;
    return { phase: 'Error', message };
  }
  if (inconclusive > inconclusiveLimit) {
    const message = `inconclusive (${inconclusive}) > inconclusiveLimit (${inconclusiveLimit})`;
    return { phase: 'Inconclusive', message };
  }
  if (failureLimit >= 0 && failed > failureLimit) {
    return { phase: 'Failed', message: `failed (${failed}) > failureLimit (${failureLimit})` };
  }
  return undefined;
}

/** The phase of a metric after its measurements so far. Mirrors `assessMetricStatus`. */
export function assessMetric(metric: Metric, result: MetricResult, isTerminating: boolean): AnalysisPhase {
  if (isCompleted(result.phase)) {
    return result.phase;
  }
  if (result.last === undefined) {
    return isTerminating ? 'Successful' : 'Pending';
  }
  const exceeded = exceededLimit(metric, result);
  if (exceeded !== undefined) {
    return exceeded.phase;
  }
  const { failureLimit = 0, consecutiveSuccessLimit = 0 } = metric;
  const needsSuccesses = consecutiveSuccessLimit > 0;
  if (needsSuccesses && result.consecutiveSuccess >= consecutiveSuccessLimit) {
    return 'Successful';
  }
  const count = effectiveCount(metric);
  if (count !== undefined && result.count >= count) {
    if (!needsSuccesses) {
      return 'Successful';
    }
    return failureLimit >= 0 ? 'Inconclusive' : 'Failed';
  }
  return isTerminating ? 'Successful' : 'Running';
}
