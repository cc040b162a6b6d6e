import { at, isMap, type Json, type JsonMap, textAt } from '../manifest/json.ts';
import { readFieldPath } from './field-path.ts';

/** Made-up pod template hashes, in place of those that only a cluster knows. */
export const HASHES: Readonly<Record<'Latest' | 'Stable', string>> = { Latest: '6d84f9c7b5', Stable: '5f7c8d9b64' };

/** Placeholder for a value that only a cluster knows. It is a valid name, so it can be filled in where a name is required. */
export const UNKNOWN = 'unknown000';

/** An argument of an AnalysisRun. */
export interface Argument {
  readonly name: string;
  /** As written, or as read from a field; undefined if neither the Rollout nor a template gives a value. */
  readonly value: string | undefined;
  /** The source of a value that is not in the files, such as a key of a Secret; undefined if the value is in the files. */
  readonly unknown: string | undefined;
  /** Whether a Secret holds the value; it takes precedence over `value`. */
  readonly isSecret: boolean;
  /** Whether a template declares it with a `valueFrom`. Merging counts that as a value, whatever it contains. */
  readonly hasSource: boolean;
  /** Whether its value may differ between stable and canary; literal values and the Rollout's metadata do not. */
  readonly mayTellVersions: boolean;
}

/** The arguments that an `analysis` block of a Rollout gives. */
export interface GivenArguments {
  readonly args: readonly Argument[];
  /** Why the controller cannot make a run with them; undefined if it can. */
  readonly problem: string | undefined;
}

const PLAIN = { unknown: undefined, isSecret: false, hasSource: false, mayTellVersions: false } as const;

/**
 * The arguments that a block gives, each with a value, which may be empty. Mirrors `BuildArgumentsForRolloutAnalysisRun` in
 * argo-rollouts `utils/analysis/factory.go` (v1.10.2).
 */
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
        // If one metadata field cannot be read, the controller drops all given arguments.
        return { args: [], problem: read.problem };
      }
      // As in the controller, each `fieldRef` overwrites the error of the one before: only the last one's counts.
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
