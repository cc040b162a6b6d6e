import type { PauseWish } from './pauses.ts';
import type { Plan } from './plan.ts';
import type { PodCounts } from './pods.ts';
import type { ReplicaSet, ReplicaSets } from './replica-set.ts';
import type { RolloutState } from './rollout-state.ts';
import type { Bounds } from './scaling.ts';
import type { RolloutStatus } from './status.ts';
import type { Traffic, TrafficWeights } from './traffic-routing.ts';

/** One reconcile: what it sees and what it wants. */
export interface Reconcile {
  readonly state: RolloutState;
  readonly traffic: Traffic;
  readonly plan: Plan;
  /** As it was before. */
  readonly prior: RolloutStatus;
  readonly sets: ReplicaSets;
  readonly canary: ReplicaSet;
  readonly bounds: Bounds;
  /** How many pods of each are asked for next; with a traffic router where requests go by `weights`. */
  readonly podCounts: (weights: TrafficWeights | undefined) => PodCounts;
  readonly isRollback: boolean;
  readonly wish: PauseWish;
  readonly now: number;
}
