import { type JsonMap, textAt } from '../../manifest/json.ts';
import { RehearsalError } from '../errors.ts';
import type { ClusterClient, Reference } from './client.ts';

/** On every namespace that a rehearsal makes: those left by one that was killed are `kubectl delete namespace -l` of it. */
export const OURS = { 'app.kubernetes.io/managed-by': 'rehearse' };
/** Milliseconds between looks at a namespace that is being removed, and for how long. */
const LOOK = 1000;
const PATIENCE = 180_000;

/** A namespace of a rehearsal's own. */
export interface Home {
  readonly name: string;
  /** Removes it with all that is in it; resolves when it is gone, or with the signal once the cluster has begun. */
  readonly remove: (signal: AbortSignal) => Promise<void>;
}

/**
 * Makes a namespace with Pod Security's `restricted`. One of that name that a rehearsal made is removed first; any other is refused
 * with a RehearsalError and left as it is.
 */
export async function makeHome(cluster: ClusterClient, name: string, signal: AbortSignal): Promise<Home> {
  const reference: Reference = { apiVersion: 'v1', kind: 'Namespace', name };
  const namespace: JsonMap = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: {
        ...OURS,
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      },
    },
  };
  const remove = async (removed: AbortSignal) => {
    await cluster.remove(reference);
    for (let waited = 0; (await cluster.read(reference)) !== undefined && !removed.aborted; waited += LOOK) {
      if (waited >= PATIENCE) {
        throw new RehearsalError(
          `namespace '${name}' is still being removed after ${PATIENCE / 1000} s: kubectl get namespace ${name} -o yaml says what holds it`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  };
  if (!(await cluster.create(namespace))) {
    const [[label, value]] = Object.entries(OURS) as [[string, string]];
    const existing = (await cluster.read(reference)) ?? {};
    if (textAt(existing, ['metadata', 'labels', label]) !== value) {
      throw new RehearsalError(
        `namespace '${name}' is there and no rehearsal made it: choose another with --namespace`,
      );
    }
    await remove(signal);
    signal.throwIfAborted();
    await cluster.create(namespace);
  }
  return { name, remove };
}
