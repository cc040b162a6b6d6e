import type { ReplicaSet } from '../argo/replica-set.ts';
import { countPods, podsToDelete, type ReplicaSetPod } from './replica-set-pods.ts';
import { restartDelay } from './restart-delay.ts';

/** How the pods of one version behave. */
export interface PodBehaviour {
  /** Seconds from its creation until a pod is ready. */
  readonly startupSeconds: number;
  readonly neverReady?: boolean;
  /** Seconds since the epoch before which no pod is ready. */
  readonly notReadyUntil?: number;
  /** A pod is ready for `flapUp` seconds, then not ready for `flapDown` seconds, and so on. */
  readonly flapUp?: number;
  readonly flapDown?: number;
  /** Seconds that a pod is ready before its process exits. The kubelet restarts it as in `restartDelay`. */
  readonly crashAfter?: number;
}

/** Seconds between a change of a ReplicaSet's `spec.replicas` and the creation or deletion of pods. */
export const POD_REACTION = 0.01;

/** One simulated pod; `readySince` is 0 while it is not ready. */
export type ModelPod = ReplicaSetPod;

/** The ReplicaSet controller and its pods, in virtual time. */
export interface ModelPods {
  /** In the order of their creation. */
  readonly pods: readonly ModelPod[];
  /**
   * Updates which pods are ready, creates and deletes pods until each ReplicaSet has what its spec asks for, and writes the counts into
   * its status. Pods are created and deleted only for ReplicaSets for which `isDue` is true. Returns whether a count changed.
   */
  readonly reconcile: (now: number, isDue?: (set: ReplicaSet) => boolean) => boolean;
  /** Whether this ReplicaSet, or any where none is given, asks for another number of pods than it has. */
  readonly isBehind: (set?: ReplicaSet) => boolean;
  /** When the next pod becomes ready, available or not ready; undefined where none will. */
  readonly nextTurn: () => number | undefined;
  /** The same, or earlier, when pods must be created or deleted. */
  readonly nextWake: (now: number) => number | undefined;
}

/** A deleted pod is gone at once. */
export function createModelPods(
  replicaSets: readonly ReplicaSet[],
  behaviourOf: (hash: string) => PodBehaviour,
  minReadySeconds: number,
): ModelPods {
  let pods: ModelPod[] = [];
  let created = 0;
  let clock = Number.NEGATIVE_INFINITY;

  function look(pod: ModelPod, now: number): void {
    const since = readySince(pod, behaviourOf(pod.hash), now);
    pod.isReady = since !== undefined;
    pod.readySince = since ?? 0;
  }

  function add(hash: string, now: number): void {
    created += 1;
    const pod = { name: `${hash}-${created}`, hash, createdAt: now, isReady: false, readySince: 0 };
    look(pod, now);
    pods.push(pod);
  }

  /** In the recorded traces a ReplicaSet whose pods flap gets new pods only when one of its pods changes. */
  function isHeld({ hash, replicas }: ReplicaSet): boolean {
    return replicas > 0 && behaviourOf(hash).flapUp !== undefined;
  }

  function lags(set: ReplicaSet): boolean {
    return set.specReplicas < set.replicas || (set.specReplicas > set.replicas && !isHeld(set));
  }

  return {
    get pods() {
      return pods;
    },
    reconcile(now, isDue = () => true) {
      let isChanged = false;
      clock = now;
      const turned = new Set<string>();
      for (const pod of pods) {
        const wasReady = pod.isReady;
        look(pod, now);
        if (pod.isReady !== wasReady) {
          turned.add(pod.hash);
        }
      }
      for (const set of replicaSets) {
        const missing = isDue(set) ? set.specReplicas - pods.filter(({ hash }) => hash === set.hash).length : 0;
        const mayAdd = !isHeld(set) || turned.has(set.hash);
        for (let count = 0; mayAdd && count < missing; count += 1) {
          add(set.hash, now);
        }
        if (missing < 0) {
          const gone = podsToDelete(pods, set.hash, -missing);
          pods = pods.filter((pod) => !gone.has(pod));
        }
        isChanged = countPods(set, pods, minReadySeconds, now) || isChanged;
      }
      return isChanged;
    },
    isBehind: (set) => (set === undefined ? replicaSets.some(lags) : lags(set)),
    nextTurn,
    nextWake(now) {
      const turn = nextTurn();
      return replicaSets.some(lags) ? Math.min(now + POD_REACTION, turn ?? now + POD_REACTION) : turn;
    },
  };

  function nextTurn(): number | undefined {
    let next = Number.POSITIVE_INFINITY;
    for (const pod of pods) {
      next = Math.min(next, nextChange(pod, behaviourOf(pod.hash), minReadySeconds, clock));
    }
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }
}

/** A time span in which a pod is ready: its start and its end, seconds since the epoch. */
type Turn = readonly [from: number, until: number];

/** The last span that has begun at `time`, and the one after it. */
function turnsAround(
  pod: ModelPod,
  behaviour: PodBehaviour,
  time: number,
): readonly [Turn | undefined, Turn | undefined] {
  const { startupSeconds, neverReady = false, notReadyUntil = 0, flapUp, flapDown = 0, crashAfter } = behaviour;
  const first = Math.max(pod.createdAt + startupSeconds, notReadyUntil);
  if (neverReady) {
    return [undefined, undefined];
  }
  const up = crashAfter ?? flapUp ?? Number.POSITIVE_INFINITY;
  if (time < first) {
    return [undefined, [first, first + up]];
  }
  if (crashAfter !== undefined) {
    let from = first;
    for (let delay: number | undefined; ; ) {
      delay = restartDelay(delay, startupSeconds + up);
      const next = from + up + delay + startupSeconds;
      if (next > time) {
        return [
          [from, from + up],
          [next, next + up],
        ];
      }
      from = next;
    }
  }
  if (flapUp === undefined) {
    return [[first, up], undefined];
  }
  const from = first + Math.floor((time - first) / (flapUp + flapDown)) * (flapUp + flapDown);
  return [
    [from, from + up],
    [from + flapUp + flapDown, from + flapUp + flapDown + up],
  ];
}

/** When a pod that is ready at `now` became so; undefined where it is not ready. */
function readySince(pod: ModelPod, behaviour: PodBehaviour, now: number): number | undefined {
  const [turn] = turnsAround(pod, behaviour, now);
  return turn !== undefined && now < turn[1] ? turn[0] : undefined;
}

/** When a pod next becomes ready, available or not ready, after `clock`; infinite for never. */
function nextChange(pod: ModelPod, behaviour: PodBehaviour, minReadySeconds: number, clock: number): number {
  const [turn, next] = turnsAround(pod, behaviour, clock);
  const changes = [turn === undefined ? clock : turn[0] + minReadySeconds, turn?.[1] ?? clock, next?.[0] ?? clock];
  return Math.min(...changes.filter((time) => time > clock));
}
