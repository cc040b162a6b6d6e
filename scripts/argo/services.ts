import { isAborting } from './pauses.ts';
import type { Reconcile } from './reconcile-context.ts';
import type { ReplicaSet } from './replica-set.ts';
import { isFullyPromoted } from './status.ts';
import type { Traffic } from './traffic-routing.ts';

/**
 * Points the Services at their ReplicaSets. Mirrors `reconcilePingAndPongService` and `reconcileStableAndCanaryService` in
 * argo-rollouts `rollout/service.go` (v1.10.2).
 */
export function pointServices(reconcile: Reconcile): void {
  const { plan, traffic, prior, sets, wish } = reconcile;
  const { services } = plan;
  if (services === undefined) {
    return;
  }
  if (services.pingPong !== undefined && !isFullyPromoted(prior)) {
    const { ping, pong } = services.pingPong;
    pointService(traffic, prior.stablePingPong === 'ping' ? pong : ping, sets.canary, false);
  }
  pointService(traffic, services.stable, sets.stable, true);
  if (isAborting(prior, wish) && plan.routing === undefined) {
    pointService(traffic, services.canary, sets.stable, true);
  } else if (previousCanary(reconcile) === undefined) {
    pointService(traffic, services.canary, sets.canary, true);
  }
}

/**
 * Points a Service at a ReplicaSet. With `needsPods` that must have an available pod, and the first time all of its pods
 * available; until then the Service stays as it is. Mirrors `ensureSVCTargets`.
 */
export function pointService(
  { services }: Traffic,
  service: string,
  set: ReplicaSet | undefined,
  needsPods: boolean,
): void {
  if (set === undefined || service === '' || services.get(service) === set.hash) {
    return;
  }
  const isAvailable = services.has(service)
    ? set.availableReplicas > 0
    : set.specReplicas > 0 && set.availableReplicas >= set.specReplicas;
  if (!needsPods || isAvailable) {
    services.set(service, set.hash);
  }
}

/**
 * Hash of the former canary, which still gets requests while the Rollout goes back to stable with `dynamicStableScale`; undefined
 * otherwise. Mirrors `IsDynamicallyRollingBackToStable` in argo-rollouts `utils/rollout/rolloututil.go` (v1.10.2).
 */
export function previousCanary({ plan, prior, canary }: Reconcile): string | undefined {
  const hash = prior.weights?.canaryHash;
  const isGoingBack =
    isFullyPromoted(prior) &&
    plan.routing?.dynamicStableScale === true &&
    hash !== canary.hash &&
    canary.availableReplicas < plan.replicas;
  return isGoingBack ? hash : undefined;
}
