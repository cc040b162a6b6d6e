import type { ReplicaSet } from '../../argo/replica-set.ts';
import { countPods, podsToDelete } from '../../model/replica-set-pods.ts';
import type { Pods } from '../deployment.ts';
import { createPod, type LocalPod, type PodSurroundings } from './pod.ts';
import type { Version } from './versions.ts';

/** The pods of some ReplicaSets, as processes. */
export function createLocalPods(
  replicaSets: readonly ReplicaSet[],
  minReadySeconds: number,
  versionOf: (hash: string) => Version,
  surroundings: PodSurroundings,
): Pods<LocalPod> {
  let pods: LocalPod[] = [];
  let made = 0;

  function add(hash: string): void {
    made += 1;
    const name = `${hash}-${made.toString(36).padStart(5, '0')}`;
    pods.push(createPod(name, hash, versionOf(hash), surroundings));
  }

  return {
    get pods() {
      return pods;
    },
    reconcile(now) {
      let isChanged = false;
      for (const set of replicaSets) {
        const missing = set.specReplicas - pods.filter(({ hash }) => hash === set.hash).length;
        for (let count = 0; count < missing; count += 1) {
          add(set.hash);
        }
        const gone = podsToDelete(pods, set.hash, Math.max(0, -missing));
        pods = pods.filter((pod) => !gone.has(pod));
        for (const pod of gone) {
          pod.remove();
        }
        isChanged = countPods(set, pods, minReadySeconds, now) || isChanged;
      }
      return isChanged;
    },
    nextWake(now) {
      if (replicaSets.some(({ specReplicas, replicas }) => specReplicas !== replicas)) {
        return now;
      }
      const times = pods
        .filter((pod) => pod.isReady)
        .map((pod) => pod.readySince + minReadySeconds)
        .filter((time) => time > now);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
