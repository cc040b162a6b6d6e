import type { AnalysisSpec } from '../argo/analysis-run.ts';
import { type JsonMap, mapAt, type Path } from '../manifest/json.ts';
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

/** What the user says about the cluster, because the manifests do not hold it. */
export interface ClusterFacts {
  /** Values of arguments by name: `--arg`. */
  readonly args: ReadonlyMap<string, string>;
  /** The controller's ARGO_ROLLOUTS_PROMETHEUS_ADDRESS, empty for none. */
  readonly prometheusAddress: string;
}

/** A Rollout, the other manifests of its folder, and the user's facts about the cluster. */
export interface RolloutSource {
  readonly objects: Objects;
  readonly manifest: Manifest;
  /** The manifest's object with its namespace filled in, as in the cluster. */
  readonly rollout: JsonMap;
  readonly facts: ClusterFacts;
}

/** The spec of a run whose metrics can all be played. */
export interface MeasuredSpec extends AnalysisSpec {
  readonly metrics: readonly MeasuredMetric[];
}

/**
 * Reads the run that the controller would create for the `analysis` block at `path`. Throws PlanError for a template that
 * is not among the manifests, and RehearsalError with the place for a part of a template that cannot be played.
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

/** An argument with its value from `--arg`, if there is one: that overrides every other value. */
function giveValue(argument: Argument, values: ReadonlyMap<string, string>): Argument {
  const value = values.get(argument.name);
  return value === undefined ? argument : { ...argument, value, unknown: undefined };
}

/**
 * Throws PlanError where the metric uses an argument whose value the manifests do not hold. What no rehearsal reads may use it: another
 * provider than Prometheus, credentials.
 */
function refuseUnknown({ metric, path }: WrittenMetric, args: readonly Argument[]): void {
  const { address, query, rangeQuery } = mapAt(metric, ['provider', 'prometheus']);
  const asked = new Set(placeholdersOf(JSON.stringify({ ...metric, provider: { address, query, rangeQuery } })));
  const argument = args.find(({ name, unknown }) => unknown !== undefined && asked.has(`args.${name}`));
  if (argument !== undefined) {
    const from = `argument '${argument.name}' comes from ${argument.unknown}`;
    throw new PlanError(path, `${from}, which the manifests do not hold: give its value with --arg ${argument.name}=…`);
  }
}
