import { resolveSurge } from '../argo/pods.ts';
import type { ReplicaSet } from '../argo/replica-set.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import { nextPodCounts } from '../argo/scaling.ts';
import type { WorkloadDeployment } from '../workload/workload-deployment.ts';
import { CANARY, OWN_CANARY, OWN_STABLE } from './release.ts';
import type { WorldPods } from './world.ts';

/** Some pods of a world. */
export interface Pods<Pod> extends WorldPods {
  /** Without terminating ones. */
  readonly pods: readonly Pod[];
}

/**
 * The Rollout's pods, and beside them those that its `workloadRef`'s Deployment has of its own. The release's template is theirs too: its
 * controller replaces them at once, within `maxSurge` and `maxUnavailable`. `create` makes the pods of some ReplicaSets.
 */
export function withDeployment<Pod>(
  state: RolloutState,
  deployment: WorkloadDeployment | undefined,
  create: (sets: readonly ReplicaSet[], minReadySeconds: number) => Pods<Pod>,
): Pods<Pod> {
  const ofRollout = create(state.replicaSets, state.plan.minReadySeconds);
  if (deployment === undefined) {
    return ofRollout;
  }
  const [stable, canary] = [replicaSet(OWN_STABLE), replicaSet(OWN_CANARY)];
  const own = create([stable, canary], deployment.minReadySeconds);
  let isReleased = false;
  state.workloadReplicas = deployment.replicas;

  /** Scales both ReplicaSets as the Deployment controller does. The release applies the Deployment's manifest again. */
  const follow = () => {
    if (!isReleased && state.wantedHash === CANARY) {
      isReleased = true;
      if (deployment.isScaleWritten) {
        state.workloadReplicas = deployment.replicas;
      }
    }
    const replicas = state.workloadReplicas ?? 0;
    const [wanted, other] = isReleased && !deployment.isPaused ? [canary, stable] : [stable, canary];
    if (deployment.isRecreated) {
      other.specReplicas = 0;
      wanted.specReplicas = other.replicas === 0 ? replicas : wanted.specReplicas;
      return;
    }
    const bounds = { replicas, ...resolveSurge(deployment.maxSurge, deployment.maxUnavailable, replicas) };
    const next = nextPodCounts(bounds, 100, { canary: wanted, stable: other, others: [] });
    wanted.specReplicas = next.canary;
    other.specReplicas = next.stable;
  };

  return {
    get pods() {
      return [...ofRollout.pods, ...own.pods];
    },
    reconcile(now) {
      follow();
      const isChanged = own.reconcile(now);
      return ofRollout.reconcile(now) || isChanged;
    },
    nextWake(now) {
      follow();
      const next = Math.min(
        ofRollout.nextWake(now) ?? Number.POSITIVE_INFINITY,
        own.nextWake(now) ?? Number.POSITIVE_INFINITY,
      );
      return next === Number.POSITIVE_INFINITY ? undefined : next;
    },
  };
}

function replicaSet(hash: string): ReplicaSet {
  const counts = { specReplicas: 0, desired: 0, replicas: 0, readyReplicas: 0, availableReplicas: 0 };
  return { hash, createdAt: 0, revision: 0, ...counts };
}
