import type { Manifest } from '../manifest/manifest.ts';
import { groupOf } from '../manifest/manifest.ts';

/** Validates `this`. Throws an error with Ajv's `errors` if it does not fit its schema. */
export type Validate = (this: unknown) => void;

/** The validators of the kinds that are known, by `apiVersion kind`. */
export type Schemas = ReadonlyMap<string, Validate>;

export const schemaKey = ({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>) => `${apiVersion} ${kind}`;

const ARGO_CD = new Set(['Application', 'ApplicationSet', 'AppProject']);

/** The package with the model of a kind, in its module `<apiVersion>/<kind>`; undefined for a kind that is not checked. */
function packageOf(manifest: Manifest): string | undefined {
  switch (groupOf(manifest)) {
    case 'apiextensions.k8s.io':
      // The model of a CustomResourceDefinition lacks the x-kubernetes-* fields.
      return undefined;
    case 'argoproj.io':
      return ARGO_CD.has(manifest.kind) ? '@kubernetes-models/argo-cd' : '@kubernetes-models/argo-rollouts';
    case 'monitoring.coreos.com':
      return '@kubernetes-models/prometheus-operator';
    default:
      return 'kubernetes-models';
  }
}

/** Loads the models of the kinds in these manifests, each once. Loading every model would take longer than the whole check. */
export async function loadSchemas(manifests: readonly Manifest[]): Promise<Schemas> {
  const schemas = new Map<string, Validate>();
  const kinds = new Map(manifests.map((manifest) => [schemaKey(manifest), manifest]));
  await Promise.all(
    [...kinds].map(async ([key, manifest]) => {
      const validate = await loadModel(manifest);
      if (validate !== undefined) {
        schemas.set(key, validate);
      }
    }),
  );
  return schemas;
}

async function loadModel(manifest: Manifest): Promise<Validate | undefined> {
  const { apiVersion, kind } = manifest;
  const from = packageOf(manifest);
  if (from === undefined || !/^[a-z0-9.-]+(\/[a-z0-9]+)?$/.test(apiVersion) || !/^[A-Za-z]+$/.test(kind)) {
    return undefined;
  }
  try {
    const module = await import(`${from}/${apiVersion}/${kind}`);
    const model = module[kind];
    // Some modules model only a part of an object, such as v1/Container.
    return model?.kind === kind && model.apiVersion === apiVersion ? model.prototype.validate : undefined;
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    // A package without this module does not know the kind; a package that is not installed is an error.
    if (
      ['ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(code) &&
      !message.startsWith('Cannot find package')
    ) {
      return undefined;
    }
    throw error;
  }
}
