import { at, type Json, textAt } from '../manifest/json.ts';

/** Stands for the canary's pod template hash, which only a cluster knows. */
export const CANARY_HASH = 'canaryhash000';
const STABLE_HASH = 'stablehash000';
/** Stands for a value that only a cluster knows; fits where a name does. */
const UNKNOWN = 'unknown000';

/** What an argument stands for; `isKnown` where the files say it. */
export interface Argument {
  readonly value: string;
  readonly isKnown: boolean;
  /** Whether it may differ between the two versions: the Rollout's own name, namespace and labels do not. */
  readonly mayTellVersions: boolean;
}
export type Arguments = ReadonlyMap<string, Argument>;

/** A template's arguments with the values that a Rollout gives them, else their defaults, else stand-ins. */
export function bindArguments(declared: readonly Json[], given: readonly Json[]): Arguments {
  return new Map(
    declared.map((argument) => {
      const name = textAt(argument, ['name']) ?? '';
      const override = given.find((one) => textAt(one, ['name']) === name);
      return [
        name,
        resolveArgument(override) ??
          resolveArgument(argument) ?? { value: UNKNOWN, isKnown: false, mayTellVersions: false },
      ];
    }),
  );
}

function resolveArgument(argument: Json | undefined): Argument | undefined {
  const value = textAt(argument, ['value']);
  if (value !== undefined) {
    return { value, isKnown: true, mayTellVersions: false };
  }
  const hash = textAt(argument, ['valueFrom', 'podTemplateHashValue']);
  if (hash !== undefined) {
    return { value: hash === 'Latest' ? CANARY_HASH : STABLE_HASH, isKnown: true, mayTellVersions: true };
  }
  if (at(argument, ['valueFrom']) === undefined) {
    return undefined;
  }
  const field = textAt(argument, ['valueFrom', 'fieldRef', 'fieldPath']) ?? '';
  return { value: UNKNOWN, isKnown: false, mayTellVersions: field !== '' && !field.startsWith('metadata') };
}

/** A text with its `{{args.name}}` filled in; a name that is no argument is a stand-in too. */
export function fillIn(text: string, bound: Arguments): { readonly text: string; readonly isKnown: boolean } {
  let isKnown = true;
  const filled = replaceArguments(text, (name) => {
    const argument = bound.get(name);
    isKnown &&= argument?.isKnown ?? false;
    return argument?.value ?? UNKNOWN;
  });
  return { text: filled, isKnown };
}

/** A text with each `{{args.name}}` replaced, blanks inside the braces allowed as the controller allows them. */
export function replaceArguments(text: string, value: (name: string) => string): string {
  return text.replace(/\{\{\s*args\.([\w.-]+?)\s*\}\}/g, (_, name: string) => value(name));
}
