import { readGoDuration } from '../argo/duration.ts';
import { limitValue } from '../argo/limit.ts';
import { at, type JsonMap, listAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type Analysis, type AnalysisPlace, analysesOf, readAnalysis } from '../workload/analyses.ts';
import { type Argument, HASHES } from '../workload/analysis-arguments.ts';
import type { AnalysisRunSpec, WrittenMetric } from '../workload/analysis-run.ts';
import type { Objects } from '../workload/objects.ts';
import { asWritten, resolveMetric } from '../workload/resolve-metric.ts';
import type { Rollout } from '../workload/rollout.ts';
import { type Condition, readConditions } from './conditions.ts';
import { type ParsedQuery, parseQuery } from './query-list.ts';

/** An `analysis` block of a Rollout with the run that the controller makes of it. */
export interface Use extends AnalysisPlace {
  readonly rollout: Rollout;
  /** The Rollout's. */
  readonly manifest: Manifest;
  readonly analysis: Analysis;
}

/** One metric of an analysis template, as one Rollout uses it. */
export interface UsedMetric {
  /** The template. */
  readonly manifest: Manifest;
  /** The metric in it. */
  readonly path: Path;
  /** Its arguments filled in, with `UNKNOWN` for values that only a cluster knows. */
  readonly metric: JsonMap;
  /** As written. */
  readonly written: JsonMap;
  /** Undefined for a template that no Rollout in the files uses. */
  readonly use: Use | undefined;
  readonly arguments: readonly Argument[];
  /** A Prometheus query, its arguments filled in; undefined for other providers. */
  readonly query: MetricQuery | undefined;
  /** Of a metric with a query. */
  readonly conditions: readonly Condition[];
  readonly intervalSeconds: number | undefined;
  readonly initialDelaySeconds: number;
  /** Failed reads that are tolerated: one more fails the run. */
  readonly failureLimit: number;
}

export interface MetricQuery extends ParsedQuery {
  readonly path: Path;
}

type Files = Pick<Objects, 'ofKind' | 'find'>;

/** Whether a query is about the canary's pods alone: its text contains their pod template hash. */
export function asksCanaryOnly(text: string): boolean {
  return text.includes(HASHES.Latest);
}

/** Every analysis of these Rollouts. */
export function readUses(files: Files, rollouts: readonly Rollout[]): readonly Use[] {
  return rollouts.flatMap((rollout) =>
    analysesOf(rollout.manifest.object).map((place) => ({
      ...place,
      rollout,
      manifest: rollout.manifest,
      analysis: readAnalysis(files, rollout.manifest, rollout.manifest.object, place.path),
    })),
  );
}

/** Every metric of every template, once for each analysis that uses it. */
export function readUsedMetrics(files: Files, uses: readonly Use[]): readonly UsedMetric[] {
  const used = uses.flatMap((use) => metricsOf(use.analysis.run, use));
  const seen = new Set(uses.flatMap(({ analysis }) => analysis.collected.templates));
  const unused = ['AnalysisTemplate', 'ClusterAnalysisTemplate']
    .flatMap(files.ofKind)
    .filter((template) => !seen.has(template));
  // Templates that name others come first: an inner template may get its arguments' values from them.
  const isOuter = (template: Manifest) => listAt(template.object, ['spec', 'templates']).length > 0;
  const alone = unused.toSorted((left, right) => Number(isOuter(right)) - Number(isOuter(left)));
  return [
    ...used,
    ...alone.flatMap((template) => {
      const reference = { templateName: template.name, clusterScope: template.kind !== 'AnalysisTemplate' };
      const { run, collected } = readAnalysis(files, template, { templates: [reference] }, []);
      const metrics = metricsOf(run, undefined).filter(({ manifest }) => !seen.has(manifest));
      for (const inner of collected.templates) {
        seen.add(inner);
      }
      return metrics;
    }),
  ];
}

function metricsOf({ metrics, args }: AnalysisRunSpec, use: Use | undefined): readonly UsedMetric[] {
  return metrics.map((metric) => readUsedMetric(metric, args, use));
}

function readUsedMetric({ template, path, metric }: WrittenMetric, args: readonly Argument[], use: Use | undefined) {
  const filled = resolveMetric(metric, args, asWritten).metric;
  const provider: Path = ['provider', 'prometheus', 'query'];
  const text = textAt(filled, provider);
  return {
    manifest: template,
    path,
    metric: filled,
    written: metric,
    use,
    arguments: args,
    query: text === undefined ? undefined : { path: [...path, ...provider], ...parseQuery(text) },
    conditions: text === undefined ? [] : readConditions(filled, path),
    intervalSeconds: readGoDuration(textAt(filled, ['interval'])),
    initialDelaySeconds: readGoDuration(textAt(filled, ['initialDelay'])) ?? 0,
    failureLimit: limitValue(at(filled, ['failureLimit'])) ?? 0,
  };
}

/** Step index at which the background analysis starts; Argo's default is 0, before any canary pod exists. */
export function readStartingStep(rollout: Rollout): number {
  return numberAt(rollout.canary, ['analysis', 'startingStep']) ?? 0;
}
