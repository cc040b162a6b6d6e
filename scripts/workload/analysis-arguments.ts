import { at, isMap, type Json, type JsonMap, textAt } from '../manifest/json.ts';
import { readFieldPath } from './field-path.ts';

/** Pod template hashes that stand for those of a cluster. */
export const HASHES: Readonly<Record<'Latest' | 'Stable', string>> = { Latest: '6d84f9c7b5', Stable: '5f7c8d9b64' };

/** Stands for a value that only a cluster knows; fits where a name does. */
export const UNKNOWN = 'unknown000';

/** An argument of an AnalysisRun. */
export interface Argument {
  readonly name: string;
  /** As written or read; undefined where neither the Rollout nor a template gives it one. */
  readonly value: string | undefined;
  /** Where its value comes from, if the files do not say it. */
  readonly unknown: string | undefined;
  /** Whether a Secret holds it: that comes before any `value`. */
  readonly isSecret: boolean;
  /** Whether there is a `valueFrom`: it counts as a value where arguments are merged, whatever it holds. */
  readonly hasSource: boolean;
  /** Whether it may differ between the two versions: the Rollout's own name, namespace and labels do not. */
  readonly mayTellVersions: boolean;
}

/** The arguments that an `analysis` block of a Rollout gives. */
export interface GivenArguments {
  readonly args: readonly Argument[];
  /** Why the controller cannot make a run with them. */
  readonly problem: string | undefined;
}

const PLAIN = { unknown: undefined, isSecret: false, hasSource: false, mayTellVersions: false } as const;

/** Mirrors `BuildArgumentsForRolloutAnalysisRun` in argo-rollouts `utils/analysis/factory.go` (v1.10.2): every argument given has a value, if only an empty one. */
export function giveArguments(written: readonly Json[], rollout: JsonMap): GivenArguments {
  const args: Argument[] = [];
  let problem: string | undefined;
  for (const argument of written) {
    const name = textAt(argument, ['name']) ?? '';
    const value = textAt(argument, ['value']) ?? '';
    const hash = at(argument, ['valueFrom', 'podTemplateHashValue']) ?? undefined;
    const field = textAt(argument, ['valueFrom', 'fieldRef', 'fieldPath']);
    if (hash !== undefined) {
      const found = hash === 'Latest' || hash === 'Stable' ? HASHES[hash] : value;
      args.push({ ...PLAIN, name, value: found, mayTellVersions: true });
    } else if (field === undefined) {
      args.push({ ...PLAIN, name, value });
    } else {
      const read = readFieldPath(rollout, field);
      const isMetadata = field.startsWith('metadata');
      if (isMetadata && read.problem !== undefined) {
        // One metadata field that cannot be read, and the controller drops all arguments given.
        return { args: [], problem: read.problem };
      }
      // Outside the metadata only the last field decides whether there is an error.
      problem = isMetadata ? undefined : read.problem;
      const stands = read.unknown === undefined ? (read.value ?? '') : UNKNOWN;
      args.push({ ...PLAIN, name, value: stands, unknown: read.unknown, mayTellVersions: !isMetadata });
    }
  }
  return { args, problem };
}

/** An argument as a template declares it. */
export function declaredArgument(argument: Json): Argument {
  const source = at(argument, ['valueFrom']);
  const secret = at(argument, ['valueFrom', 'secretKeyRef']);
  const isSecret = isMap(secret);
  return {
    ...PLAIN,
    name: textAt(argument, ['name']) ?? '',
    value: textAt(argument, ['value']),
    unknown: isSecret
      ? `key '${textAt(secret, ['key']) ?? ''}' of Secret '${textAt(secret, ['name']) ?? ''}'`
      : undefined,
    isSecret,
    hasSource: isMap(source),
  };
}
