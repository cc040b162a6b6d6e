import { at, type Json, listAt, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isLabelName } from './names.ts';

const METADATA_FIELD = /^metadata\.(?:name|namespace|uid|annotations|labels|(annotations|labels)\['(.*)'\])$/;

/** Whether a field path of an argument can be read: what lies outside the metadata always can, it is empty where it leads nowhere. */
export function isFieldPath(field: string): boolean {
  if (!field.startsWith('metadata')) {
    return true;
  }
  const [whole, map, key = ''] = METADATA_FIELD.exec(field) ?? [];
  return whole !== undefined && (map === undefined || isLabelName(map === 'annotations' ? key.toLowerCase() : key));
}

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
    if (twice !== undefined) {
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
  // One field that cannot be read, and none of the arguments given is.
  const isReadable = given.every((one) => isFieldPath(textAt(one, ['valueFrom', 'fieldRef', 'fieldPath']) ?? ''));
  for (const [name, argument] of merged) {
    const isGiven = isReadable && given.some((one) => textAt(one, ['name']) === name);
    const hasOwn = (at(argument, ['value']) ?? at(argument, ['valueFrom']) ?? null) !== null;
    if (!isGiven && !hasOwn) {
      return `argument '${name}' has no value`;
    }
  }
  return undefined;
}
