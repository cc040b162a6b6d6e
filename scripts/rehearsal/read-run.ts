import type { AnalysisSpec } from '../argo/analysis-run.ts';
import type { JsonMap, Path } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { checkRun, matchesRule } from '../validation/run.ts';
import { readAnalysis } from '../workload/analyses.ts';
import type { Argument } from '../workload/analysis-arguments.ts';
import type { WrittenMetric } from '../workload/analysis-run.ts';
import type { Objects } from '../workload/objects.ts';
import { placeholdersOf, resolveMetric } from '../workload/resolve-metric.ts';
import { checkFields } from './check-fields.ts';
import { TEMPLATE_FIELDS } from './fields.ts';
import { located, place } from './place.ts';
import { PlanError } from './plan-error.ts';
import { type MeasuredMetric, readMetric } from './read-metric.ts';

/** What a person says of the cluster that the manifests do not. */
export interface ClusterFacts {
  /** Values of arguments by name: `--arg`. */
  readonly args: ReadonlyMap<string, string>;
  /** The controller's ARGO_ROLLOUTS_PROMETHEUS_ADDRESS, empty for none. */
  readonly prometheusAddress: string;
}

/** A Rollout with the manifests beside it. */
export interface RolloutSource {
  readonly objects: Objects;
  readonly manifest: Manifest;
  /** The manifest's object as it is in the cluster. */
  readonly rollout: JsonMap;
  readonly facts: ClusterFacts;
}

/** What a run measures that can be played. */
export interface MeasuredSpec extends AnalysisSpec {
  readonly metrics: readonly MeasuredMetric[];
}

/**
 * The run of an `analysis` block, as the controller makes and first reconciles it. Throws PlanError for a template that is not among
 * the manifests, RehearsalError with its place for what a template holds that cannot be played.
 */
export function readRun({ objects, manifest, rollout, facts }: RolloutSource, path: Path): MeasuredSpec {
  const { collected, run, problem } = readAnalysis(objects, manifest, rollout, path);
  for (const { index, kind, name } of collected.missing) {
    throw new PlanError([...path, 'templates', index], `${kind} '${name}' is not among the manifests`);
  }
  for (const template of collected.templates) {
    located(template, () => checkFields(template.object, TEMPLATE_FIELDS));
  }
  if (problem !== undefined) {
    return { metrics: [], cannotBeMade: problem };
  }
  const args = run.args.map((argument) => giveValue(argument, facts.args));
  const checked = checkRun({ ...run, args });
  if (checked.problem !== undefined) {
    return { metrics: [], problem: checked.problem };
  }
  const metrics = run.metrics.map((written, index) => {
    const scheduled = checked.metrics[index] ?? {};
    return located(written.template, () => {
      refuseUnknown(written, args);
      return readMetric({
        scheduled,
        measured: resolveMetric(written.metric, args, ({ value }) => value ?? '').metric,
        path: written.path,
        place: place(written.template, [...written.path, 'provider', 'prometheus', 'query']),
        isDryRun: run.dryRun.some((rule) => matchesRule(rule, scheduled)),
        prometheusAddress: facts.prometheusAddress,
      });
    });
  });
  return { metrics };
}

/** The value of `--arg` goes before all others; a Secret's is still unknown to the controller before it measures. */
function giveValue(argument: Argument, values: ReadonlyMap<string, string>): Argument {
  const value = values.get(argument.name);
  return value === undefined ? argument : { ...argument, value, unknown: undefined };
}

function refuseUnknown({ metric, path }: WrittenMetric, args: readonly Argument[]): void {
  const asked = new Set(placeholdersOf(JSON.stringify(metric)));
  const argument = args.find(({ name, unknown }) => unknown !== undefined && asked.has(`args.${name}`));
  if (argument !== undefined) {
    const from = `argument '${argument.name}' comes from ${argument.unknown}`;
    throw new PlanError(path, `${from}, which the manifests do not hold: give its value with --arg ${argument.name}=…`);
  }
}
