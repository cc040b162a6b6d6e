import type { Plan } from './plan.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { Runs } from './rollout-runs.ts';
import type { RolloutStatus } from './status.ts';
import type { Traffic } from './traffic-routing.ts';

/** A Rollout and all that belongs to it. A reconcile changes `status`, what the ReplicaSets are asked for, and the runs. */
export interface RolloutState {
  plan: Plan;
  /** Counts the changes of the spec. */
  generation: number;
  /** Pod template hash of the spec. */
  wantedHash: string;
  status: RolloutStatus;
  /** Oldest first. */
  readonly replicaSets: ReplicaSet[];
  readonly runs: Runs;
  /** Undefined until the first reconcile. */
  traffic?: Traffic;
  /** Pods that the Deployment of a `workloadRef` asks for; undefined without one. */
  workloadReplicas?: number;
}
