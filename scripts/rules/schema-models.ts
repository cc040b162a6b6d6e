import type { Manifest } from '../manifest/manifest.ts';
import { groupOf } from '../manifest/manifest.ts';

/** Validates `this`. Throws an error with Ajv's `errors` if it does not fit its schema. */
export type Validate = (this: unknown) => void;

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

/** Loads the model of a manifest's kind; undefined for a kind that has none. */
export async function loadModel(manifest: Manifest): Promise<Validate | undefined> {
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
