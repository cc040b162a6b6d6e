import { at, type Json, listAt, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** What the downward API knows of an object's metadata. */
export const METADATA_FIELD = /^metadata\.(name|namespace|uid|annotations|labels|(annotations|labels)\['[^']*'\])$/;

/**
 * Why templates cannot become one AnalysisRun with the arguments given; undefined where they can. Mirrors `FlattenTemplates` and
 * `MergeArgs` in argo-rollouts `utils/analysis/helpers.go` (v1.9.1): the first error, in its order.
 */
export function templateProblem(templates: readonly Manifest[], given: readonly Json[]): string | undefined {
  const lists: readonly (readonly [string, string, string])[] = [
    ['metrics', 'name', 'metrics'],
    ['dryRun', 'metricName', 'dry-run rules'],
    ['measurementRetention', 'metricName', 'measurement retention rules'],
  ];
  for (const [list, key, what] of lists) {
    const names = templates
      .flatMap(({ object }) => listAt(object, ['spec', list]))
      .map((item) => textAt(item, [key]) ?? '');
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    // Within one template the same metric name is for the metric's own rule to tell.
    if (twice !== undefined && templates.length > 1) {
      return `two ${what} have the name '${twice}'`;
    }
  }
  return argumentProblem(templates, given);
}

function argumentProblem(templates: readonly Manifest[], given: readonly Json[]): string | undefined {
  const merged = new Map<string, Json>();
  for (const argument of templates.flatMap(({ object }) => listAt(object, ['spec', 'args']))) {
    const name = textAt(argument, ['name']) ?? '';
    const before = textAt(merged.get(name), ['value']);
    const value = textAt(argument, ['value']);
    if (before !== undefined && value !== undefined && before !== value) {
      return `argument '${name}' has two values, '${before}' and '${value}'`;
    }
    if (before === undefined) {
      merged.set(name, argument);
    }
  }
  for (const [name, argument] of merged) {
    const override = given.find((one) => textAt(one, ['name']) === name);
    const field = textAt(override, ['valueFrom', 'fieldRef', 'fieldPath']) ?? '';
    const isGiven = override !== undefined && (!field.startsWith('metadata') || METADATA_FIELD.test(field));
    const hasOwn = (at(argument, ['value']) ?? at(argument, ['valueFrom']) ?? null) !== null;
    if (!isGiven && !hasOwn) {
      return `argument '${name}' has no value`;
    }
  }
  return undefined;
}
