import type { PauseWish } from './pauses.ts';
import type { Plan } from './plan.ts';
import type { PodCounts } from './pods.ts';
import type { ReplicaSet, ReplicaSets } from './replica-set.ts';
import type { RolloutState } from './rollout-state.ts';
import type { Bounds } from './scaling.ts';
import type { RolloutStatus } from './status.ts';
import type { Traffic, TrafficWeights } from './traffic-routing.ts';

/** What one reconcile of a Rollout reads, and in `wish` the pauses and abort that it collects. */
export interface Reconcile {
  readonly state: RolloutState;
  readonly traffic: Traffic;
  readonly plan: Plan;
  /** The status before this reconcile. */
  readonly prior: RolloutStatus;
  readonly sets: ReplicaSets;
  readonly canary: ReplicaSet;
  readonly bounds: Bounds;
  /** How many pods of each version to ask for next. `weights` are the router's; without a router they do not matter. */
  readonly podCounts: (weights: TrafficWeights | undefined) => PodCounts;
  /** Whether this is a rollback within the window: steps and analysis are skipped. */
  readonly isRollback: boolean;
  readonly wish: PauseWish;
  /** Seconds since the epoch. */
  readonly now: number;
}
