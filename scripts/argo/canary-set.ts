import { setProgressing } from './conditions.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { RolloutState } from './rollout-state.ts';

/** The ReplicaSet of the wanted version, undefined while there is none. Raises its revision above all others'. */
export function findCanary(state: RolloutState): ReplicaSet | undefined {
  const found = state.replicaSets.find(({ hash }) => hash === state.wantedHash);
  if (found !== undefined) {
    found.revision = Math.max(found.revision, newestRevision(state, found) + 1);
  }
  return found;
}

function newestRevision({ replicaSets }: RolloutState, except?: ReplicaSet): number {
  return Math.max(0, ...replicaSets.filter((set) => set !== except).map(({ revision }) => revision));
}

/** Creates the ReplicaSet of the wanted version, without pods. Mirrors `createDesiredReplicaSet` in argo-rollouts `rollout/sync.go` (v1.10.2). */
export function createCanary(state: RolloutState, now: number): void {
  const created: ReplicaSet = {
    hash: state.wantedHash,
    createdAt: Math.floor(now),
    revision: newestRevision(state) + 1,
    specReplicas: 0,
    desired: state.plan.replicas,
    replicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
  };
  state.replicaSets.push(created);
  const message = `Created new replica set "${state.plan.name}-${created.hash}"`;
  const progressing = setProgressing(
    state.status.conditions.progressing,
    { status: 'True', reason: 'NewReplicaSetCreated', message },
    now,
  );
  state.status = { ...state.status, conditions: { ...state.status.conditions, progressing } };
}

/** Mirrors `isRollbackWithinWindow`: the canary is older than stable, and fewer than `rollbackWindow` ReplicaSets lie between. */
export function isRollbackWithinWindow(
  { plan, replicaSets }: RolloutState,
  canary: ReplicaSet,
  stable: ReplicaSet | undefined,
): boolean {
  if (stable === undefined || canary.createdAt >= stable.createdAt || plan.rollbackWindow <= 0) {
    return false;
  }
  const between = replicaSets.filter(({ createdAt }) => createdAt < stable.createdAt && canary.createdAt < createdAt);
  return between.length < plan.rollbackWindow;
}
