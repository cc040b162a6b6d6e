import { setTimeout as sleep } from 'node:timers/promises';
import { type JsonMap, textAt } from '../../manifest/json.ts';
import { RehearsalError } from '../errors.ts';
import type { ClusterClient } from './client.ts';

/** Label of every namespace that a rehearsal makes; `kubectl delete namespace -l` with it cleans up after a killed one. */
const [LABEL, VALUE] = ['app.kubernetes.io/managed-by', 'rehearse'];
/** Seconds to wait until a deleted namespace is gone. */
const REMOVAL_SECONDS = 180;

/**
 * Makes a namespace that enforces Pod Security's level `restricted`. Removes one of that name first if a rehearsal made it;
 * throws RehearsalError, and changes nothing, if something else did.
 */
export async function makeNamespace(cluster: ClusterClient, name: string, signal: AbortSignal): Promise<void> {
  const labels = {
    [LABEL]: VALUE,
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/warn': 'restricted',
  };
  const existing = await cluster.read(namespaceOf(name));
  if (existing !== undefined) {
    if (textAt(existing, ['metadata', 'labels', LABEL]) !== VALUE) {
      throw new RehearsalError(
        `namespace '${name}' is there and no rehearsal made it: choose another with --namespace`,
      );
    }
    await removeNamespace(cluster, name, signal);
    signal.throwIfAborted();
  }
  await cluster.create(namespaceOf(name, labels));
}

/** Deletes a namespace and waits until it is gone; when the signal aborts, stops waiting and leaves the rest to the cluster. */
export async function removeNamespace(cluster: ClusterClient, name: string, signal: AbortSignal): Promise<void> {
  await cluster.remove(namespaceOf(name));
  for (let waited = 0; (await cluster.read(namespaceOf(name))) !== undefined && !signal.aborted; waited += 1) {
    if (waited >= REMOVAL_SECONDS) {
      throw new RehearsalError(
        `namespace '${name}' is still being removed after ${REMOVAL_SECONDS} s: kubectl get namespace ${name} -o yaml says what holds it`,
      );
    }
    await sleep(1000);
  }
}

function namespaceOf(name: string, labels: JsonMap = {}): JsonMap {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
