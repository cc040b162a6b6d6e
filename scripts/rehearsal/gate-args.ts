import { at, type Json, type JsonMap, textAt } from '../manifest/json.ts';
import { replaceArguments } from '../workload/arguments.ts';

/** Where an argument of an analysis gets its value. */
export type GateArg =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly hashOf: 'canary' | 'stable' };

/**
 * The arguments of a template as a Rollout fills them in: its own first, then the template's defaults. Those from a Secret are
 * not known here. Mirrors `BuildArgumentsForRolloutAnalysisRun` and `MergeArgs` in argo-rollouts `utils/analysis` (v1.9.1).
 */
export function readGateArgs(declared: readonly Json[], given: readonly Json[], rollout: JsonMap): readonly GateArg[] {
  return declared.flatMap((argument): readonly GateArg[] => {
    const name = textAt(argument, ['name']) ?? '';
    const override = given.find((one) => textAt(one, ['name']) === name);
    const source = override !== undefined && hasValue(override) ? override : argument;
    const value = textAt(source, ['value']);
    if (value !== undefined) {
      return [{ name, value }];
    }
    const hash = textAt(source, ['valueFrom', 'podTemplateHashValue']);
    if (hash !== undefined) {
      return [{ name, hashOf: hash === 'Latest' ? 'canary' : 'stable' }];
    }
    const field = textAt(source, ['valueFrom', 'fieldRef', 'fieldPath']);
    const found = field === undefined ? undefined : at(rollout, fieldPath(field));
    return typeof found === 'string' || typeof found === 'number' ? [{ name, value: String(found) }] : [];
  });
}

function hasValue(argument: Json): boolean {
  return textAt(argument, ['value']) !== undefined || at(argument, ['valueFrom']) !== undefined;
}

/** `metadata.labels['app']` and `spec.template.metadata.labels.version`, as keys. */
function fieldPath(text: string): readonly (string | number)[] {
  return [...text.matchAll(/\['([^']+)'\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, plain]) =>
    index === undefined ? (quoted ?? plain ?? '') : Number(index),
  );
}

/** A query with its `{{args.name}}` filled in; undefined where an argument has no value. */
export function fillQuery(
  query: string,
  args: readonly GateArg[],
  hashes: { readonly canary: string; readonly stable: string },
): string | undefined {
  let isComplete = true;
  const filled = replaceArguments(query, (name) => {
    const arg = args.find((one) => one.name === name);
    isComplete &&= arg !== undefined;
    return arg === undefined ? '' : 'hashOf' in arg ? hashes[arg.hashOf] : arg.value;
  });
  return isComplete ? filled : undefined;
}
