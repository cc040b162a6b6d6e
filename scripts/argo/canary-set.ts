import { setProgressing } from './conditions.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { RolloutState } from './rollout-state.ts';

/** The ReplicaSet of the version that is wanted; made with no pods where there is none. */
export function ensureCanary(state: RolloutState, now: number): ReplicaSet {
  const found = state.replicaSets.find(({ hash }) => hash === state.wantedHash);
  const newest = Math.max(0, ...state.replicaSets.filter((set) => set !== found).map(({ revision }) => revision));
  if (found !== undefined) {
    found.revision = Math.max(found.revision, newest + 1);
    return found;
  }
  const created: ReplicaSet = {
    hash: state.wantedHash,
    createdAt: Math.floor(now),
    revision: newest + 1,
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
  return created;
}

/** Mirrors `isRollbackWithinWindow`: back to a version older than the stable one, with fewer than so many between them. */
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
