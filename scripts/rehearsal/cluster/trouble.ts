import { type Json, type JsonMap, listAt, textAt } from '../../manifest/json.ts';
import type { ClusterClient } from './client.ts';
import { conditionOf, nameOf } from './read-objects.ts';

/** Reasons of a waiting container that mean its image cannot be pulled. */
const IMAGE_REASONS = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'];

/** Which image of a pod cannot be pulled, why, and what to do; undefined where all can. */
export function imageTrouble(pod: JsonMap): string | undefined {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((field) => listAt(pod, ['status', field]));
  for (const status of statuses) {
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
    .map((claim) => ({ name: nameOf(claim), phase: textAt(claim, ['status', 'phase']) }))
    .filter(({ phase }) => phase !== 'Bound')
    .map(({ name, phase }) => `PersistentVolumeClaim '${name}' is ${phase}`);
  const why = [...pending, ...pods.flatMap(podTrouble)];
  return why.length === 0 ? 'no pod was made: is the controller of Argo Rollouts running?' : why.join('; ');
}

function podTrouble(pod: JsonMap): readonly string[] {
  /** What a condition says that does not hold. */
  const complaint = (type: string) => {
    const condition = conditionOf(pod, type);
    return textAt(condition, ['status']) === 'False' ? (textAt(condition, ['message']) ?? '') : undefined;
  };
  const ready = complaint('Ready');
  const phase = textAt(pod, ['status', 'phase']);
  if (phase === 'Succeeded' || (phase === 'Running' && ready === undefined)) {
    return [];
  }
  const states = listAt(pod, ['status', 'containerStatuses']).flatMap(stateOf);
  const said = [...states, complaint('PodScheduled') ?? ''].filter((words) => words !== '');
  return [`Pod '${nameOf(pod)}': ${said.join(', ') || ready || phase}`];
}

function stateOf(status: Json): readonly string[] {
  const waiting = textAt(status, ['state', 'waiting', 'reason']);
  const message =
    textAt(status, ['state', 'waiting', 'message']) ?? textAt(status, ['lastState', 'terminated', 'message']);
  return waiting === undefined ? [] : [message === undefined ? waiting : `${waiting}: ${message.trim()}`];
}
