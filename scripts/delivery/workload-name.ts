import { parse } from 'yaml';
import { MODEL } from './workload-copy.ts';

/** Most characters. A name or label value holds 63, and `-success-rate` or the hashes of a ReplicaSet and a pod are added. */
const MAX_LENGTH = 40;
/** Namespaces of Argo CD, Prometheus and Kubernetes. The workload's own namespace gets the workload's name (k8s/argocd). */
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
  // Manifests hold the name without quotes, so YAML would read `on` as a boolean.
  if (parse(name, { version: '1.1' }) !== name) {
    return 'must not be a word that YAML reads as something else';
  }
  return undefined;
}
