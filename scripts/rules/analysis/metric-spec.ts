import { at, isMap, listAt } from '../../manifest/json.ts';
import { metricProblems } from '../../validation/metrics.ts';
import { unmatchedRule } from '../../validation/run.ts';
import { UNKNOWN } from '../../workload/analysis-arguments.ts';
import type { Problem, Rule } from '../rule.ts';
import type { Use, UsedMetric } from '../used-metric.ts';

/** Its messages are the controller's own, which the AnalysisRun shows too. */
export const metricSpec: Rule = {
  id: 'analysis/metric-spec',
  severity: 'error',
  why: 'The API server takes it; the AnalysisRun then ends as Error at once ("Analysis spec invalid"), and every release is aborted.',
  fix: 'Write what the message says.',
  *check({ metrics, uses, ofKind }) {
    const used = new Set(uses.flatMap(({ analysis }) => analysis.collected.templates));
    for (const manifest of [...ofKind('AnalysisTemplate'), ...ofKind('ClusterAnalysisTemplate')]) {
      const isEmpty = ['metrics', 'templates'].every((field) => listAt(manifest.object, ['spec', field]).length === 0);
      if (!used.has(manifest) && isEmpty) {
        yield { manifest, path: ['spec', 'metrics'], message: 'no metrics specified' };
      }
    }
    for (const use of uses) {
      yield* runProblems(use);
    }
    for (const metric of metrics) {
      yield* problemsOf(metric);
    }
  },
};

function* runProblems({ manifest, path, analysis }: Use): Generator<Problem> {
  const { run, collected } = analysis;
  if (collected.templates.length === 0 || collected.missing.length > 0) {
    return;
  }
  if (run.metrics.length === 0) {
    yield { manifest, path: [...path, 'templates'], message: 'no metrics specified' };
    return;
  }
  const metrics = run.metrics.map(({ metric }) => metric);
  for (const field of ['dryRun', 'measurementRetention'] as const) {
    const message = unmatchedRule(field, run[field], metrics);
    if (message !== undefined) {
      const isOwn = listAt(manifest.object, [...path, field]).length > 0;
      yield { manifest, path: [...path, isOwn ? field : 'templates'], message };
    }
  }
}

function* problemsOf({ manifest, path, metric }: UsedMetric): Generator<Problem> {
  const { provider, successCondition: _success, failureCondition: _failure, ...schedule } = metric;
  if (JSON.stringify(schedule).includes(UNKNOWN)) {
    return;
  }
  const before = listAt(manifest.object, path.slice(0, -1)).slice(0, Number(path.at(-1)));
  const isDuplicate = before.some((other) => at(other, ['name']) === metric.name);
  for (const { field, message } of metricProblems(metric, isDuplicate)) {
    // A metric without provider is reported by schema/type.
    if (field !== 'provider' || isMap(provider)) {
      yield { manifest, path: [...path, field], message };
    }
  }
}
