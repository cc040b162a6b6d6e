/** A ReplicaSet as the controller sees it. The engine creates and scales it; the world writes the last three fields. */
export interface ReplicaSet {
  /** Pod template hash: it identifies the version. */
  readonly hash: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  revision: number;
  specReplicas: number;
  /** The annotation `rollout.argoproj.io/desired-replicas`: `spec.replicas` of the Rollout when it was last scaled. */
  desired: number;
  /** The annotation `scale-down-deadline`: whole seconds since the epoch until which its pods stay. */
  scaleDownAt?: number | undefined;
  /** Pods that exist, without terminating ones. */
  replicas: number;
  readyReplicas: number;
  /** Pods that have been ready for at least `minReadySeconds`. */
  availableReplicas: number;
}

/** The ReplicaSets of a Rollout by role. `stable` and `canary` are the same one while nothing is being released. */
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
