import type { AnalysisSpec } from '../../argo/analysis-run.ts';
import type { Metric } from '../../argo/metric.ts';
import type { MeasuredMetric } from '../read-metric.ts';
import type { Workload } from '../workload.ts';

/**
 * The workload without the queries that the model cannot count: their metrics are treated like those of other providers, which a
 * scenario measures or which are Successful. `uncountedIn` says what cannot be counted; undefined for nothing.
 */
export function leaveUncounted(
  workload: Workload,
  uncountedIn: (metric: MeasuredMetric) => string | undefined,
): Workload {
  const replaced = new Map<Metric, MeasuredMetric>();
  for (const metric of workload.metrics) {
    const series = uncountedIn(metric);
    if (series !== undefined) {
      replaced.set(metric, { ...metric, query: undefined, expr: undefined, provider: `prometheus, ${series}` });
    }
  }
  if (replaced.size === 0) {
    return workload;
  }
  const inSpec = (spec: AnalysisSpec) => ({
    ...spec,
    metrics: spec.metrics.map((metric) => replaced.get(metric) ?? metric),
  });
  const { plan } = workload;
  return {
    ...workload,
    metrics: workload.metrics.map((metric) => replaced.get(metric) ?? metric),
    plan: {
      ...plan,
      analysis: plan.analysis && { ...plan.analysis, spec: inSpec(plan.analysis.spec) },
      steps: plan.steps.map((step) =>
        step.kind === 'analysis' ? { ...step, spec: step.spec && inSpec(step.spec) } : step,
      ),
    },
  };
}
