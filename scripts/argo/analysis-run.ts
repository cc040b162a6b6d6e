import {
  type AnalysisPhase,
  assessMetric,
  countMeasurement,
  createMetricResult,
  effectiveCount,
  exceededLimit,
  isCompleted,
  type Measurement,
  type Metric,
  type MetricResult,
} from './metric.ts';

/** What a run measures. */
export interface AnalysisSpec {
  readonly metrics: readonly Metric[];
  /** Why the run ends as Error in its first reconcile: unknown arguments, an invalid metric, a dry-run rule without a metric. */
  readonly problem?: string;
  /** Why the controller cannot create the AnalysisRun: every reconcile of the Rollout that needs it fails at that point. */
  readonly cannotBeMade?: string;
}

/** One AnalysisRun, running or completed. Only the engine changes it. */
export interface AnalysisRun {
  readonly name: string;
  readonly spec: AnalysisSpec;
  /** Pod template hash of the version that it measures. */
  readonly podHash: string;
  /** 0-based index of the `analysis` step; undefined for a background analysis. */
  readonly step: number | undefined;
  phase: AnalysisPhase | '';
  message: string;
  /** Whole seconds since the epoch. */
  startedAt: number | undefined;
  isTerminated: boolean;
  /** By metric name; a metric has an entry from its first measurement on. */
  readonly results: Map<string, MetricResult>;
}

export type TakeMeasurement = (metric: Metric, run: AnalysisRun) => Omit<Measurement, 'finishedAt'>;

/** Seconds from a measurement that is an Error to the next one; `interval` does not apply then. */
const ERROR_RETRY = 10;

/** From best to worst: the phase of a run is the worst of its metrics' phases. */
const ORDER: readonly AnalysisPhase[] = ['Successful', 'Inconclusive', 'Error', 'Failed'];

export function createAnalysisRun(name: string, spec: AnalysisSpec, podHash: string, step?: number): AnalysisRun {
  return {
    name,
    spec,
    podHash,
    step,
    phase: '',
    message: '',
    startedAt: undefined,
    isTerminated: false,
    results: new Map(),
  };
}

/**
 * Takes the measurements that are due and decides the run's phase. Returns when to reconcile it again (seconds since the
 * epoch), undefined for never.
 * Mirrors `reconcileAnalysisRun` in argo-rollouts `analysis/analysis.go` (v1.10.2). Here a measurement takes no time.
 */
export function reconcileAnalysisRun(run: AnalysisRun, now: number, take: TakeMeasurement): number | undefined {
  if (isCompleted(run.phase)) {
    return undefined;
  }
  if (run.spec.problem !== undefined) {
    run.phase = 'Error';
    run.message = run.spec.problem;
    return undefined;
  }
  const due = run.spec.metrics.filter((metric) => isDue(run, metric, now));
  for (const metric of due) {
    const result = run.results.get(metric.name) ?? createMetricResult();
    run.results.set(metric.name, result);
    countMeasurement(result, { ...take(metric, run), finishedAt: Math.floor(now) });
  }
  const { phase, message } = assessRun(run, now);
  if (phase !== run.phase) {
    run.phase = phase;
    run.message = message;
  }
  return nextReconcile(run, now);
}

function isTerminating(run: AnalysisRun): boolean {
  return (
    run.isTerminated ||
    run.spec.metrics.some(({ name, isDryRun }) => {
      const phase = run.results.get(name)?.phase;
      return !isDryRun && (phase === 'Failed' || phase === 'Error' || phase === 'Inconclusive');
    })
  );
}

/** When a metric may be measured again, seconds since the epoch; undefined before its first measurement and after its last. */
function nextRead(metric: Metric, result: MetricResult): number | undefined {
  const count = effectiveCount(metric);
  if (result.last === undefined || (count !== undefined && result.count >= count)) {
    return undefined;
  }
  const wait = result.last.phase === 'Error' ? ERROR_RETRY : metric.interval;
  return wait === undefined ? undefined : result.last.finishedAt + wait;
}

function isDue(run: AnalysisRun, metric: Metric, now: number): boolean {
  const result = run.results.get(metric.name);
  if ((result !== undefined && isCompleted(result.phase)) || isTerminating(run)) {
    return false;
  }
  if (result === undefined) {
    return (
      metric.initialDelay === undefined || (run.startedAt !== undefined && run.startedAt + metric.initialDelay <= now)
    );
  }
  const next = nextRead(metric, result);
  return next !== undefined && now > next;
}

function assessRun(run: AnalysisRun, now: number): { readonly phase: AnalysisPhase; readonly message: string } {
  run.startedAt ??= Math.floor(now);
  const terminating = isTerminating(run);
  let worst: AnalysisPhase | undefined;
  let message = run.isTerminated ? 'Run Terminated' : '';
  let isEverythingCompleted = true;
  for (const metric of run.spec.metrics) {
    const result = run.results.get(metric.name);
    if (result === undefined) {
      isEverythingCompleted = false;
      continue;
    }
    const phase = assessMetric(metric, result, terminating);
    if (phase !== result.phase) {
      result.message = result.last?.message ?? '';
      result.phase = phase;
    }
    if (!isCompleted(phase)) {
      isEverythingCompleted = false;
      continue;
    }
    const exceeded = exceededLimit(metric, result);
    if (metric.isDryRun) {
      worst ??= 'Successful';
      if (exceeded !== undefined) {
        result.message = `Metric assessed ${phase} due to ${exceeded.message}`;
      }
    } else if (worst === undefined || ORDER.indexOf(phase) > ORDER.indexOf(worst)) {
      worst = phase;
      if (exceeded !== undefined) {
        const last = result.message === '' ? '' : `: "Error Message: ${result.message}"`;
        message = `Metric "${metric.name}" assessed ${phase} due to ${exceeded.message}${last}`;
      }
    }
  }
  if (terminating) {
    return { phase: worst ?? 'Successful', message };
  }
  return isEverythingCompleted && worst !== undefined ? { phase: worst, message } : { phase: 'Running', message: '' };
}

function nextReconcile(run: AnalysisRun, now: number): number | undefined {
  const times = run.spec.metrics.flatMap((metric) => {
    const result = run.results.get(metric.name);
    if (result === undefined) {
      return metric.initialDelay === undefined ? [] : [(run.startedAt ?? now) + metric.initialDelay];
    }
    return isCompleted(result.phase) ? [] : (nextRead(metric, result) ?? []);
  });
  return times.length === 0 ? undefined : Math.max(now, Math.min(...times));
}
