import { compileGoRegexp } from '../go/regexp.ts';
import type { JsonMap } from '../manifest/json.ts';
import type { AnalysisRunSpec } from '../workload/analysis-run.ts';
import { resolveMetric, withoutSecrets } from '../workload/resolve-metric.ts';
import { metricsProblem } from './metrics.ts';

/**
 * A run's metrics with their arguments filled in, and why it ends as Error in its first reconcile, in the controller's words. Mirrors
 * `reconcileAnalysisRun` in argo-rollouts `analysis/analysis.go` (v1.10.2): arguments, metrics, dryRun, measurementRetention.
 */
export function checkRun(run: Pick<AnalysisRunSpec, 'metrics' | 'args' | 'dryRun' | 'measurementRetention'>): {
  readonly metrics: readonly JsonMap[];
  readonly problem: string | undefined;
} {
  const resolved = run.metrics.map(({ metric }) => resolveMetric(metric, run.args, withoutSecrets));
  const metrics = resolved.map(({ metric }) => metric);
  const unresolved = resolved.find(({ problem }) => problem !== undefined)?.problem;
  const problem =
    unresolved === undefined
      ? checkMetrics(metrics, run.dryRun, run.measurementRetention)
      : `Unable to resolve metric arguments: ${unresolved}`;
  return { metrics, problem };
}

/** Why a run ends as Error at once after its arguments are filled into `metrics`; undefined if it does not. */
export function checkMetrics(
  metrics: readonly JsonMap[],
  dryRun: readonly string[],
  measurementRetention: readonly string[] = [],
): string | undefined {
  const invalid =
    metricsProblem(metrics) ??
    unmatchedRule('dryRun', dryRun, metrics) ??
    unmatchedRule('measurementRetention', measurementRetention, metrics);
  return invalid && `Analysis spec invalid: ${invalid}`;
}

/** Whether a rule (an unanchored regular expression) matches a metric's name; an invalid expression matches nothing. */
export function matchesRule(rule: string, { name }: JsonMap): boolean {
  try {
    return compileGoRegexp(rule).test(String(name ?? ''));
  } catch {
    // The controller drops this error too.
    return false;
  }
}

/** The error for the first rule that matches no metric. Mirrors `GetDryRunMetrics` and `GetMeasurementRetentionMetrics`. */
export function unmatchedRule(
  field: string,
  rules: readonly string[],
  metrics: readonly JsonMap[],
): string | undefined {
  const index = rules.findIndex((rule) => !metrics.some((metric) => matchesRule(rule, metric)));
  return index === -1 ? undefined : `${field}[${index}]: Rule didn't match any metric name(s)`;
}
