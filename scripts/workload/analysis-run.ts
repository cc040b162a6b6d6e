import { isMap, type Json, type JsonMap, listAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type Argument, declaredArgument, type GivenArguments } from './analysis-arguments.ts';

/** A metric with its place in a template. */
export interface WrittenMetric {
  readonly template: Manifest;
  readonly path: Path;
  /** As written, arguments not filled in. */
  readonly metric: JsonMap;
}

/** The spec of an AnalysisRun as the controller makes it. */
export interface AnalysisRunSpec {
  readonly metrics: readonly WrittenMetric[];
  readonly args: readonly Argument[];
  /** Patterns for metric names (regular expressions): the Rollout's first, then the templates'. */
  readonly dryRun: readonly string[];
  readonly measurementRetention: readonly string[];
  /** Why the controller cannot create the run, in its own words; undefined if it can. */
  readonly problem: string | undefined;
}

/** What a Rollout's `analysis` block says beside its templates. */
export interface AnalysisBlock {
  readonly given: GivenArguments['args'];
  readonly dryRun: readonly Json[];
  readonly measurementRetention: readonly Json[];
}

/**
 * Builds the spec of an AnalysisRun from templates (in the order of `collectTemplates`) and a Rollout's block. Mirrors
 * `NewAnalysisRunFromTemplates` in argo-rollouts `utils/analysis/helpers.go` (v1.10.2). If that fails, `problem` is its first
 * error, and the other fields hold what could be read.
 */
export function createRunSpec(templates: readonly Manifest[], block: AnalysisBlock): AnalysisRunSpec {
  const rules = (list: readonly Json[]) => list.map((rule) => textAt(rule, ['metricName']) ?? '');
  const ofTemplates = (field: string) => rules(templates.flatMap(({ object }) => listAt(object, ['spec', field])));
  const metrics = templates.flatMap((template) =>
    listAt(template.object, ['spec', 'metrics']).map((metric, index) => ({
      template,
      path: ['spec', 'metrics', index],
      metric: isMap(metric) ? metric : {},
    })),
  );
  const flat = flattenArguments(templates);
  const merged = mergeArguments(block.given, flat.args);
  const dryRun = [...rules(block.dryRun), ...ofTemplates('dryRun')];
  const measurementRetention = [...rules(block.measurementRetention), ...ofTemplates('measurementRetention')];
  const unresolved = merged.find(({ value, hasSource }) => value === undefined && !hasSource);
  const problem =
    twice(
      'two metrics have the same name',
      metrics.map(({ metric }) => textAt(metric, ['name']) ?? ''),
    ) ??
    twice(TWO_DRY_RUNS, ofTemplates('dryRun')) ??
    twice(TWO_RETENTIONS, ofTemplates('measurementRetention')) ??
    flat.problem ??
    (unresolved && `args.${unresolved.name} was not resolved`) ??
    twice(TWO_DRY_RUNS, dryRun) ??
    twice(TWO_RETENTIONS, measurementRetention);
  return { metrics, args: merged, dryRun, measurementRetention, problem };
}

const TWO_DRY_RUNS = 'two Dry-Run metric rules have the same name';
const TWO_RETENTIONS = 'two Measurement Retention metric rules have the same name';

function twice(message: string, names: readonly string[]): string | undefined {
  const name = names.find((one, index) => names.indexOf(one) !== index);
  return name === undefined ? undefined : `${message} '${name}'`;
}

/** All templates' arguments, one for each name: the first declaration with a value counts. Mirrors `flattenArgs`. */
function flattenArguments(templates: readonly Manifest[]) {
  const args = new Map<string, Argument>();
  let problem: string | undefined;
  for (const argument of templates.flatMap(({ object }) => listAt(object, ['spec', 'args'])).map(declaredArgument)) {
    const { name, value } = argument;
    const before = args.get(name)?.value;
    if (before === undefined) {
      args.set(name, argument);
    } else if (value !== undefined && value !== before) {
      problem ??= `Argument \`${name}\` specified multiple times with different values: '${before}', '${value}'`;
    }
  }
  return { args: [...args.values()], problem };
}

/** The declared arguments with the given values. Given twice, the last counts; undeclared ones are dropped. Mirrors `MergeArgs`. */
function mergeArguments(given: readonly Argument[], declared: readonly Argument[]): readonly Argument[] {
  return declared.map((argument) => {
    const found = given.findLast(({ name }) => name === argument.name);
    return found === undefined || argument.isSecret
      ? { ...argument, value: found?.value ?? argument.value }
      : { ...found, hasSource: argument.hasSource };
  });
}
