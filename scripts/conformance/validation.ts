import type { JsonMap } from '../manifest/json.ts';
import { createManifest } from '../manifest/manifest.ts';
import { checkManifests } from '../rules/check.ts';
import type { Finding } from '../rules/rule.ts';
import type { Compared } from './compare.ts';

interface ValidationCase {
  readonly kind: 'rollout' | 'template' | 'references';
  readonly object: JsonMap;
  readonly templates?: readonly JsonMap[];
  readonly errors: readonly { readonly field: string; readonly text: string }[];
  readonly decodeError?: string;
  /** Whether the API server refuses the object before the controller sees it: a field that the CRD requires is missing or unknown. */
  readonly refusedByApiServer?: boolean;
}

/** The rules that mirror the controller's validation. */
const MIRRORS = /^(schema\/.*|rollout\/(spec|strategy|pod-template|references)|analysis\/metric-spec)$/;

/** A field path in one form: the controller's paths leave `canary` out, and some of them name no field of the manifest. */
function fieldOf(field: string): string {
  return field
    .replace(/\.strategy\.(canary|blueGreen)\./, '.strategy.')
    .replace('spec.strategy.strategy', 'spec.strategy')
    .replace(/^spec\.template\.(labels|annotations)/, 'spec.template.metadata.$1')
    .replace(/(\.resources\.(?:limits|requests))\[([^\]]*)\]/, '$1.$2');
}

/**
 * Compares the errors of `verify` with the controller's: there must be one at or inside each field that the controller refuses, and
 * none for an object that it accepts. For an object that the API server refuses, there must be one of a `schema/` rule.
 */
export async function validation(vector: ValidationCase): Promise<Compared> {
  const errors = await errorsOf(vector);
  const fields = errors.map(({ field }) => fieldOf(field));
  const isRefused = vector.errors.length > 0 || vector.decodeError !== undefined;
  const missing = vector.errors
    .map(({ field }) => fieldOf(field))
    .filter((field) => !fields.some((found) => found.startsWith(field)));
  const isRefusedBefore = errors.some(({ rule }) => rule.startsWith('schema/'));
  const isRight =
    missing.length === 0 &&
    (vector.refusedByApiServer === true ? isRefusedBefore : isRefused ? fields.length > 0 : fields.length === 0);
  return isRight ? [true, true] : [vector.decodeError ?? vector.errors.map(({ text }) => text), fields];
}

async function errorsOf({ object, templates = [], kind }: ValidationCase): Promise<readonly Finding[]> {
  const manifests = [object, ...templates].map((one) =>
    createManifest({ file: 'vector.json', text: JSON.stringify(one, undefined, 1) }, 0, [], one),
  );
  const { findings } = await checkManifests(manifests);
  return findings.filter(
    ({ rule, severity }) =>
      MIRRORS.test(rule) &&
      severity === 'error' &&
      // Cases of kind `rollout` lack the templates that the Rollout names; those of kind `references` test nothing but references.
      (kind === 'rollout' ? rule !== 'rollout/references' : kind !== 'references' || rule === 'rollout/references'),
  );
}
