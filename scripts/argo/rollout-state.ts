import type { Plan } from './plan.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { Runs } from './rollout-runs.ts';
import type { RolloutStatus } from './status.ts';
import type { Traffic } from './traffic-routing.ts';

/** A Rollout and the objects that belong to it. A reconcile writes all but `plan`, `generation` and `wantedHash`. */
export interface RolloutState {
  plan: Plan;
  /** `metadata.generation`: the API server raises it with every change of the spec. */
  generation: number;
  /** Hash of the spec's pod template: the version that is wanted. */
  wantedHash: string;
  status: RolloutStatus;
  /** Oldest first. */
  readonly replicaSets: ReplicaSet[];
  readonly runs: Runs;
  /** Undefined until a reconcile first finds the canary's ReplicaSet. */
  traffic?: Traffic;
  /** Pods that the Deployment of a `workloadRef` asks for; undefined without one. */
  workloadReplicas?: number;
}
