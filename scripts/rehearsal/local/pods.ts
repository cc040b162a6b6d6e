import type { ReplicaSet } from '../../argo/replica-set.ts';
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

  /** Removes pods of a version: unready ones first, then the youngest, as the ReplicaSet controller does. */
  function remove(hash: string, count: number): void {
    const order = pods
      .filter((pod) => pod.hash === hash)
      .sort((left, right) => Number(left.isReady) - Number(right.isReady) || right.createdAt - left.createdAt);
    const gone = new Set(order.slice(0, count));
    pods = pods.filter((pod) => !gone.has(pod));
    for (const pod of gone) {
      pod.remove();
    }
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
        if (missing < 0) {
          remove(set.hash, -missing);
        }
        const own = pods.filter(({ hash }) => hash === set.hash);
        const ready = own.filter((pod) => pod.isReady);
        const counts = {
          replicas: own.length,
          readyReplicas: ready.length,
          availableReplicas: ready.filter((pod) => now >= pod.readySince + minReadySeconds).length,
        };
        isChanged ||=
          counts.replicas !== set.replicas ||
          counts.readyReplicas !== set.readyReplicas ||
          counts.availableReplicas !== set.availableReplicas;
        Object.assign(set, counts);
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
