import type { RouteStep } from './plan.ts';

/** The fields of a canary that matter only with a traffic router, with Argo's defaults filled in. */
export interface TrafficRouting {
  /** The sum of the weights. Argo's default is 100. */
  readonly maxWeight: number;
  /** Whether the stable ReplicaSet shrinks as requests leave it. */
  readonly dynamicStableScale: boolean;
  readonly minPodsPerReplicaSet: number | undefined;
  /**
   * Seconds that an aborted canary keeps its pods: 30 if undefined, but no delay with `dynamicStableScale`. 0 is no delay,
   * and then a `setCanaryScale` step still applies.
   */
  readonly abortScaleDownDelaySeconds: number | undefined;
  /** Seconds that the pods of the old version stay after a promotion. Argo's default is 30. */
  readonly scaleDownDelaySeconds: number;
  /** How many old ReplicaSets may keep their pods for that time; undefined for any number. */
  readonly scaleDownDelayRevisionLimit: number | undefined;
  /** Seconds until the router reports a new weight as in force; undefined for a router that reports nothing. */
  readonly verifySeconds: number | undefined;
  /** Whether the router takes no new hash while pods are unavailable: Istio's subsets, used where no Service is named. */
  readonly waitsForPods: boolean;
}

/** Names of the Services that the controller points at a version; empty for one that is not named. */
export interface CanaryServices {
  readonly canary: string;
  readonly stable: string;
  /** With `pingPong` the two Services swap roles at every promotion. */
  readonly pingPong: { readonly ping: string; readonly pong: string } | undefined;
}

/** `status.canary.weights`: the weights that the router got, and the versions that they apply to. */
export interface TrafficWeights {
  /** 0 to `maxWeight`. */
  readonly canary: number;
  readonly stable: number;
  /** Pod template hashes. */
  readonly canaryHash: string;
  readonly stableHash: string;
  /** Whether the router reported the weights as in force when they were last changed; undefined where it was not asked. */
  readonly isVerified?: boolean;
}

/** State of the cluster outside the Rollout and its ReplicaSets: the Services' selectors, the router's routes and weight. */
export interface Traffic {
  /** Pod template hash by Service name; no entry until the controller first sets the Service's selector. */
  readonly services: Map<string, string>;
  /** Routes of `setHeaderRoute` and `setMirrorRoute` in force, by name. */
  readonly routes: Map<string, RouteStep>;
  /** The weight that the router was last given, and when (seconds since the epoch). */
  weight: number;
  weightSince: number;
}

export function createTraffic(): Traffic {
  return { services: new Map(), routes: new Map(), weight: 0, weightSince: 0 };
}
