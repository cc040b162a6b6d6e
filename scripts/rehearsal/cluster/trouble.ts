import { type Json, type JsonMap, listAt, textAt } from '../../manifest/json.ts';
import type { ClusterClient } from './client.ts';

/** Reasons of a waiting container that mean its image cannot be pulled. */
const IMAGE_REASONS = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'];

/** Which image of a pod cannot be pulled, why, and what to do; undefined where all can. */
export function imageTrouble(pod: JsonMap): string | undefined {
  for (const status of [
    ...listAt(pod, ['status', 'initContainerStatuses']),
    ...listAt(pod, ['status', 'containerStatuses']),
  ]) {
    const waiting = textAt(status, ['state', 'waiting', 'reason']) ?? '';
    if (IMAGE_REASONS.includes(waiting)) {
      const image = textAt(status, ['image']) ?? '';
      return `image '${image}' cannot be pulled (${waiting}): push it, or kind load docker-image ${image}`;
    }
  }
  return undefined;
}

/** Why the pods of a namespace are not ready: a few words for each unbound claim and each pod that is not. */
export async function whyNotReady(cluster: ClusterClient, namespace: string): Promise<string> {
  const pods = await cluster.list('v1', 'Pod', namespace);
  const claims = await cluster.list('v1', 'PersistentVolumeClaim', namespace);
  const pending = claims
    .filter((claim) => textAt(claim, ['status', 'phase']) !== 'Bound')
    .map(
      (claim) =>
        `PersistentVolumeClaim '${textAt(claim, ['metadata', 'name'])}' is ${textAt(claim, ['status', 'phase'])}`,
    );
  const why = [...pending, ...pods.flatMap(podTrouble)];
  return why.length === 0 ? 'no pod was made: is the controller of Argo Rollouts running?' : why.join('; ');
}

function podTrouble(pod: JsonMap): readonly string[] {
  const condition = (type: string) =>
    listAt(pod, ['status', 'conditions']).find(
      (one) => textAt(one, ['type']) === type && textAt(one, ['status']) === 'False',
    );
  const ready = condition('Ready');
  const phase = textAt(pod, ['status', 'phase']);
  if (phase === 'Succeeded' || (phase === 'Running' && ready === undefined)) {
    return [];
  }
  const states = listAt(pod, ['status', 'containerStatuses']).flatMap(stateOf);
  const scheduled = textAt(condition('PodScheduled'), ['message']);
  const said = [...states, ...(scheduled === undefined ? [] : [scheduled])];
  return [`Pod '${textAt(pod, ['metadata', 'name'])}': ${said.join(', ') || (textAt(ready, ['message']) ?? phase)}`];
}

function stateOf(status: Json): readonly string[] {
  const waiting = textAt(status, ['state', 'waiting', 'reason']);
  const message =
    textAt(status, ['state', 'waiting', 'message']) ?? textAt(status, ['lastState', 'terminated', 'message']);
  return waiting === undefined ? [] : [message === undefined ? waiting : `${waiting}: ${message.trim()}`];
}
