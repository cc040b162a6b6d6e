import { parseAnalysisDuration } from '../../argo/duration.ts';
import { limitValue } from '../../argo/limit.ts';
import { isMap, type JsonMap, listAt, mapAt, type Path, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { Problem, Rule } from '../rule.ts';

/** Mirrors `ValidateMetrics` in argo-rollouts `utils/analysis/factory.go` (v1.9.1), every error instead of the first. */
export const analysisMetricSpec: Rule = {
  id: 'analysis/metric-spec',
  severity: 'error',
  why: 'The API server takes it; the AnalysisRun then ends as Error at once ("Analysis spec invalid"), and every release is aborted.',
  fix: 'Write what the message says.',
  *check({ ofKind }) {
    for (const manifest of [...ofKind('AnalysisTemplate'), ...ofKind('ClusterAnalysisTemplate')]) {
      const metrics = listAt(manifest.object, ['spec', 'metrics']);
      // A template of templates has none of its own.
      if (metrics.length === 0 && listAt(manifest.object, ['spec', 'templates']).length === 0) {
        yield { manifest, path: ['spec', 'metrics'], message: 'metrics must have at least one metric' };
      }
      const names = new Set<string>();
      for (const [index, metric] of metrics.entries()) {
        const path: Path = ['spec', 'metrics', index];
        const name = textAt(metric, ['name']) ?? '';
        if (names.has(name)) {
          yield { manifest, path: [...path, 'name'], message: `name '${name}' must be unique among the metrics` };
        }
        names.add(name);
        yield* metricProblems(manifest, path, mapAt(metric));
      }
    }
  },
};

function* metricProblems(manifest: Manifest, path: Path, metric: JsonMap): Generator<Problem> {
  const limit = (field: string) => limitValue(metric[field]) ?? 0;
  const problem = (field: string, message: string): Problem => ({ manifest, path: [...path, field], message });
  const got = (field: string) => `got ${String(metric[field])}`;
  const [count, failures, successes] = [limit('count'), limit('failureLimit'), limit('consecutiveSuccessLimit')];
  for (const field of ['inconclusiveLimit', 'consecutiveErrorLimit', 'consecutiveSuccessLimit']) {
    if (limit(field) < 0) {
      yield problem(field, `${field} must be greater than or equal to 0, ${got(field)}`);
    }
  }
  if (failures < -1) {
    yield problem(
      'failureLimit',
      `failureLimit must be greater than or equal to 0, or -1 for none, ${got('failureLimit')}`,
    );
  } else if (failures === -1 && successes === 0) {
    yield problem(
      'failureLimit',
      'failureLimit -1 must have a `consecutiveSuccessLimit` beside it, else nothing decides',
    );
  }
  if (count > 0) {
    const needed = Math.max(failures, 0) + successes;
    const wanted =
      failures >= 0 && count < needed ? needed : count < successes ? successes : limit('inconclusiveLimit');
    if (count < wanted) {
      yield problem(
        'count',
        `count must be greater than or equal to the ${wanted} reads that its limits speak of, ${got('count')}`,
      );
    }
    if (count > 1 && (textAt(metric, ['interval']) ?? '') === '') {
      yield problem('interval', `interval must be set beside a count of ${count}`);
    }
  }
  for (const field of ['interval', 'initialDelay']) {
    const text = textAt(metric, [field]);
    if (text?.includes('{{')) {
      continue;
    }
    try {
      parseAnalysisDuration(text ?? '');
    } catch (error) {
      yield problem(field, `${field} must be a duration such as 30s: ${(error as Error).message}`);
    }
  }
  const providers = isMap(metric.provider)
    ? Object.entries(mapAt(metric, ['provider'])).filter(([, value]) => value !== null)
    : [];
  const providerCount = providers.reduce(
    (sum, [kind, value]) => sum + (kind === 'plugin' && isMap(value) ? Object.keys(value).length : 1),
    0,
  );
  // A metric without the field is the schema's to tell.
  if (providerCount !== 1 && isMap(metric.provider)) {
    yield problem(
      'provider',
      providerCount === 0
        ? 'provider must be set'
        : `provider must be one, got ${providers.map(([kind]) => kind).join(', ')}`,
    );
  }
}
