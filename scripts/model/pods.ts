import type { ReplicaSet } from '../argo/replica-set.ts';

/** How the pods of one version behave. */
export interface PodBehaviour {
  /** Seconds from its creation until a pod is ready. */
  readonly startupSeconds: number;
  readonly neverReady?: boolean;
  /** Seconds of a pod's being ready and not, in turn, from its start on. */
  readonly flapUp?: number;
  readonly flapDown?: number;
  /** Seconds of a pod's being ready until its process ends; the kubelet starts it again, later each time. */
  readonly crashAfter?: number;
}

/** Seconds until pods follow what a ReplicaSet asks for. */
export const POD_REACTION = 0.01;

/** One simulated pod. */
export interface ModelPod {
  /** Unique over a run. */
  readonly name: string;
  readonly hash: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  isReady: boolean;
  /** Since when without a break; meaningless while it is not ready. */
  readySince: number;
}

/** The ReplicaSet controller and its pods, in virtual time. */
export interface ModelPods {
  /** In the order of their creation. */
  readonly pods: readonly ModelPod[];
  /**
   * Makes and removes what the ReplicaSets ask for, and counts what is ready; answers whether a count changed. Pods follow every
   * ReplicaSet, or those alone that `isDue` holds for.
   */
  readonly reconcile: (now: number, isDue?: (set: ReplicaSet) => boolean) => boolean;
  /** Whether a ReplicaSet, any or this one, asks for another number of pods than it has. */
  readonly isBehind: (set?: ReplicaSet) => boolean;
  /** When the next pod changes by time alone; undefined for never. */
  readonly nextTurn: () => number | undefined;
  /** The same, or when pods follow a ReplicaSet that asks for another number. */
  readonly nextWake: (now: number) => number | undefined;
}

/** Deleted pods vanish at once, those that are not ready first, then the youngest: as in the recorded traces. */
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

  /** In the recordings a ReplicaSet with flapping pods is seen to at their turns only. */
  function isHeld({ hash, replicas }: ReplicaSet): boolean {
    return replicas > 0 && behaviourOf(hash).flapUp !== undefined;
  }

  function lags(set: ReplicaSet): boolean {
    return set.specReplicas < set.replicas || (set.specReplicas > set.replicas && !isHeld(set));
  }

  function remove(hash: string, count: number): void {
    const order = pods
      .filter((pod) => pod.hash === hash)
      .sort((left, right) => Number(left.isReady) - Number(right.isReady) || right.createdAt - left.createdAt);
    const gone = new Set(order.slice(0, count));
    pods = pods.filter((pod) => !gone.has(pod));
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
          remove(set.hash, -missing);
        }
        let [replicas, readyReplicas, availableReplicas] = [0, 0, 0];
        for (const pod of pods) {
          if (pod.hash === set.hash) {
            replicas += 1;
            readyReplicas += Number(pod.isReady);
            availableReplicas += Number(pod.isReady && now >= pod.readySince + minReadySeconds);
          }
        }
        isChanged ||=
          set.replicas !== replicas ||
          set.readyReplicas !== readyReplicas ||
          set.availableReplicas !== availableReplicas;
        Object.assign(set, { replicas, readyReplicas, availableReplicas });
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

/** Seconds: the kubelet's first wait before a restart, doubled each time, at most 5 min. */
const FIRST_BACK_OFF = 10;
const MOST_BACK_OFF = 300;

/** A time of being ready: from, until. */
type Turn = readonly [from: number, until: number];

/** The last turn that began by a moment, and the next one. */
function turnsAround(
  pod: ModelPod,
  behaviour: PodBehaviour,
  time: number,
): readonly [Turn | undefined, Turn | undefined] {
  const { startupSeconds, neverReady = false, flapUp, flapDown = 0, crashAfter } = behaviour;
  const first = pod.createdAt + startupSeconds;
  if (neverReady) {
    return [undefined, undefined];
  }
  const up = crashAfter ?? flapUp ?? Number.POSITIVE_INFINITY;
  if (time < first) {
    return [undefined, [first, first + up]];
  }
  if (crashAfter !== undefined) {
    let [from, backOff] = [first, FIRST_BACK_OFF];
    for (;;) {
      const next = from + up + backOff + startupSeconds;
      if (next > time) {
        return [
          [from, from + up],
          [next, next + up],
        ];
      }
      [from, backOff] = [next, Math.min(backOff * 2, MOST_BACK_OFF)];
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

/** Since when a pod is ready at a moment; undefined when it is not. */
function readySince(pod: ModelPod, behaviour: PodBehaviour, now: number): number | undefined {
  const [turn] = turnsAround(pod, behaviour, now);
  return turn !== undefined && now < turn[1] ? turn[0] : undefined;
}

/** When a pod turns ready, available or not ready next, after `clock`. */
function nextChange(pod: ModelPod, behaviour: PodBehaviour, minReadySeconds: number, clock: number): number {
  const [turn, next] = turnsAround(pod, behaviour, clock);
  const changes = [turn === undefined ? clock : turn[0] + minReadySeconds, turn?.[1] ?? clock, next?.[0] ?? clock];
  return Math.min(...changes.filter((time) => time > clock));
}
