import type { RouteStep } from './plan.ts';

/** What a canary with a traffic router asks for beside its steps, with Argo's defaults filled in. */
export interface TrafficRouting {
  /** What all weights add up to. Argo's default is 100. */
  readonly maxWeight: number;
  /** Whether the stable ReplicaSet shrinks as requests leave it. */
  readonly dynamicStableScale: boolean;
  readonly minPodsPerReplicaSet: number | undefined;
  /** Seconds that an aborted canary keeps its pods, 0 for as long as the abort lasts; undefined where it is not written. */
  readonly abortScaleDownDelaySeconds: number | undefined;
  /** Seconds that the old pods stay after a promotion. Argo's default is 30. */
  readonly scaleDownDelaySeconds: number;
  /** Old ReplicaSets that may wait so; undefined for any number. */
  readonly scaleDownDelayRevisionLimit: number | undefined;
  /** Seconds until the router reports that a weight is in force; undefined where it cannot tell. */
  readonly verifySeconds: number | undefined;
  /** Whether the router refuses new pod template hashes while pods that get requests are unavailable: Istio with subsets and no Services. */
  readonly waitsForPods: boolean;
}

/** The Services that the controller points at a version; each empty where none is named. */
export interface CanaryServices {
  readonly canary: string;
  readonly stable: string;
  /** With `pingPong` the two Services change parts at every promotion. */
  readonly pingPong: { readonly ping: string; readonly pong: string } | undefined;
}

/** `status.canary.weights`: where requests go by, and between which versions. */
export interface TrafficWeights {
  /** 0 to `maxWeight`. */
  readonly canary: number;
  readonly stable: number;
  /** Pod template hashes. */
  readonly canaryHash: string;
  readonly stableHash: string;
  /** What the router reported when the weights were last changed; undefined where it cannot tell, or was not asked. */
  readonly isVerified?: boolean;
}

/** What stands in the cluster besides ReplicaSets: the Services' selectors and the router's routes. */
export interface Traffic {
  /** Pod template hash by Service; none until the controller first points it anywhere. */
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
