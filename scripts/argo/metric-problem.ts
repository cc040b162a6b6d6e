import type { Metric } from './metric.ts';

/** Why the controller refuses the metrics of a run, in its words: the first reason. Mirrors `ValidateMetrics` (v1.9.1), providers apart. */
export function metricsProblem(metrics: readonly Metric[]): string | undefined {
  if (metrics.length === 0) {
    return 'no metrics specified';
  }
  const names = new Set<string>();
  for (const [index, metric] of metrics.entries()) {
    const problem = names.has(metric.name) ? `duplicate name '${metric.name}'` : metricProblem(metric);
    if (problem !== undefined) {
      return `metrics[${index}]: ${problem}`;
    }
    names.add(metric.name);
  }
  return undefined;
}

function metricProblem(metric: Metric): string | undefined {
  const { count = 0, failureLimit = 0, consecutiveSuccessLimit = 0, inconclusiveLimit = 0 } = metric;
  if (consecutiveSuccessLimit < 0) {
    return 'consecutiveSuccessLimit must be >= 0';
  }
  if (failureLimit < -1) {
    return 'failureLimit must be >= 0, or -1 to be disabled';
  }
  if (consecutiveSuccessLimit === 0 && failureLimit === -1) {
    return 'failureLimit and consecutiveSuccessLimit cannot both be disabled';
  }
  if (inconclusiveLimit < 0) {
    return 'inconclusiveLimit must be >= 0';
  }
  if ((metric.consecutiveErrorLimit ?? 0) < 0) {
    return 'consecutiveErrorLimit must be >= 0';
  }
  if (count > 0) {
    if (failureLimit >= 0 && count < failureLimit + consecutiveSuccessLimit) {
      return `count (${count}) must be >= failureLimit + consecutiveSuccessLimit (${failureLimit} + ${consecutiveSuccessLimit}) if both >= 0`;
    }
    if (failureLimit < 0 && count < consecutiveSuccessLimit) {
      return 'count must be >= consecutiveSuccessLimit';
    }
    if (count < inconclusiveLimit) {
      return 'count must be >= inconclusiveLimit';
    }
  }
  if (count > 1 && metric.interval === undefined) {
    return 'interval must be specified when count > 1';
  }
  return undefined;
}
