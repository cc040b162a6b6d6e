/** A ReplicaSet as the controller sees it. The engine writes `specReplicas`, `desired` and `revision`; the world the rest. */
export interface ReplicaSet {
  /** The pod template hash: which version its pods are of. */
  readonly hash: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  revision: number;
  specReplicas: number;
  /** The annotation `rollout.argoproj.io/desired-replicas`: `spec.replicas` of the Rollout when it was last scaled. */
  desired: number;
  /** The annotation `scale-down-deadline`: whole seconds since the epoch until which its pods stay. */
  scaleDownAt?: number | undefined;
  /** Pods that exist, terminating ones apart. */
  replicas: number;
  readyReplicas: number;
  /** Ready for `minReadySeconds`. */
  availableReplicas: number;
}

/** The ReplicaSets of a Rollout by their part in it. `stable` may be the same one as `canary`: nothing is being released. */
export interface ReplicaSets {
  readonly canary: ReplicaSet | undefined;
  readonly stable: ReplicaSet | undefined;
  readonly others: readonly ReplicaSet[];
}

export function sumOf(
  sets: Iterable<ReplicaSet>,
  field: 'specReplicas' | 'replicas' | 'readyReplicas' | 'availableReplicas',
): number {
  let sum = 0;
  for (const set of sets) {
    sum += set[field];
  }
  return sum;
}
