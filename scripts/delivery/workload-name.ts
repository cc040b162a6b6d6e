import { parse } from 'yaml';
import { MODEL } from './workload-copy.ts';

/** Leaves room for what is added: `-success-rate`, a ReplicaSet's and a pod's hash; a name or label value holds 63. */
const MAX_LENGTH = 40;
/** The namespaces of what delivers, measures and runs; the workload gets a namespace of its name (k8s/argocd). */
const TAKEN = /^(argocd|argo-rollouts|monitoring|default|kube-.*)$/;

/** Why a workload cannot have this name; undefined when it can. */
export function whyNotName(name: string): string | undefined {
  if (!/^[a-z]([a-z\d-]*[a-z\d])?$/.test(name) || name.length > MAX_LENGTH) {
    return `must be a DNS label of at most ${MAX_LENGTH} characters: lower-case letters, digits and '-', a letter first, no '-' last`;
  }
  if (name === MODEL) {
    return `must not be '${MODEL}', which it is made from`;
  }
  if (TAKEN.test(name)) {
    return 'must not be a namespace that others use: the workload gets a namespace of its name';
  }
  // A name stands without quotes in the manifests: `on` would be a boolean.
  if (parse(name, { version: '1.1' }) !== name) {
    return 'must not be a word that YAML reads as something else';
  }
  return undefined;
}
