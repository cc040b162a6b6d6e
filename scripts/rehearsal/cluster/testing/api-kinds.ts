import { isMap, type Json, type JsonMap } from '../../../manifest/json.ts';

/** A kind that the server knows: its group and version, and how URLs name it. */
export interface Known {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly isNamespaced: boolean;
}

const kind = (apiVersion: string, name: string, own: string, isNamespaced = true): Known => ({
  apiVersion,
  kind: own,
  name,
  isNamespaced,
});

export const KINDS: readonly Known[] = [
  kind('v1', 'namespaces', 'Namespace', false),
  kind('v1', 'pods', 'Pod'),
  kind('v1', 'services', 'Service'),
  kind('v1', 'secrets', 'Secret'),
  kind('v1', 'configmaps', 'ConfigMap'),
  kind('v1', 'serviceaccounts', 'ServiceAccount'),
  kind('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
  kind('apps/v1', 'statefulsets', 'StatefulSet'),
  kind('apps/v1', 'deployments', 'Deployment'),
  kind('apps/v1', 'replicasets', 'ReplicaSet'),
  kind('batch/v1', 'jobs', 'Job'),
  kind('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  kind('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy'),
  kind('storage.k8s.io/v1', 'storageclasses', 'StorageClass', false),
  kind('argoproj.io/v1alpha1', 'rollouts', 'Rollout'),
  kind('argoproj.io/v1alpha1', 'analysistemplates', 'AnalysisTemplate'),
  kind('argoproj.io/v1alpha1', 'analysisruns', 'AnalysisRun'),
  kind('monitoring.coreos.com/v1', 'servicemonitors', 'ServiceMonitor'),
];

export function knownOf(own: string): Known {
  const known = KINDS.find((one) => one.kind === own);
  if (known === undefined) {
    throw new Error(`the fake API server does not know ${own}`);
  }
  return known;
}

/** HTTP status and body. */
export type Reply = readonly [number, Json];

export function reply(status: number, body: Json): Reply {
  return [status, body];
}

export function statusOf(code: number, message: string): JsonMap {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message };
}

/** Server-side apply for a single field manager: removes fields of `before` that `applied` lacks; replaces lists as a whole. */
export function applyFields(current: Json | undefined, before: Json | undefined, applied: Json): Json {
  if (!isMap(applied)) {
    return applied;
  }
  const merged: Record<string, Json> = { ...(isMap(current) ? current : {}) };
  for (const key of Object.keys(isMap(before) ? before : {})) {
    if (!(key in applied)) {
      delete merged[key];
    }
  }
  for (const [key, value] of Object.entries(applied)) {
    merged[key] = applyFields(merged[key], isMap(before) ? before[key] : undefined, value);
  }
  return merged;
}
