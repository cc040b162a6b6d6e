import type { AnalysisSpec } from './analysis-run.ts';
import type { IntOrPercent } from './pods.ts';
import type { CanaryServices, TrafficRouting } from './traffic-routing.ts';

/** One step of a canary. */
export type Step =
  | { readonly kind: 'setWeight'; readonly weight: number }
  /** Without seconds until a person promotes. */
  | { readonly kind: 'pause'; readonly seconds: number | undefined }
  /** Passes when its run is Successful. Without a spec no run is made, and it never passes. */
  | { readonly kind: 'analysis'; readonly spec: AnalysisSpec | undefined }
  /** With a traffic router only: a number of pods, a weight to count them from, or the weight of the requests again. */
  | {
      readonly kind: 'setCanaryScale';
      readonly replicas?: number;
      readonly weight?: number;
      readonly matchesWeight: boolean;
    }
  /** With a traffic router only: requests that match go to the canary, or a copy of them; not `isSet` takes the route away. */
  | RouteStep;

export interface RouteStep {
  readonly kind: 'setHeaderRoute' | 'setMirrorRoute';
  readonly name: string;
  readonly isSet: boolean;
  /** Of a mirror: percent of the requests that match; 100 where it is not written. */
  readonly percentage?: number;
}

export interface BackgroundAnalysis {
  readonly spec: AnalysisSpec;
  /** 0-based; undefined starts at once, before there is a canary pod. */
  readonly startingStep: number | undefined;
}

/** What a Rollout asks for: its spec, as far as the engine plays it, with Argo's defaults filled in. */
export interface Plan {
  readonly name: string;
  readonly replicas: number;
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
  /** Seconds. */
  readonly minReadySeconds: number;
  /** Seconds; Argo's default is 600. */
  readonly progressDeadlineSeconds: number;
  readonly progressDeadlineAbort: boolean;
  readonly isPaused: boolean;
  /** Revisions back to which a rollback skips steps and analysis; 0 for none. */
  readonly rollbackWindow: number;
  readonly steps: readonly Step[];
  readonly analysis: BackgroundAnalysis | undefined;
  readonly services?: CanaryServices;
  /** Undefined without a traffic router: requests go by pods then. */
  readonly routing?: TrafficRouting;
  /** Available pods from which on a step, and the update, may go on: percent of those asked for, or a number. All of them where undefined. */
  readonly progressThreshold?: { readonly type: 'Percent' | 'Pods'; readonly value: number };
  /** When the Deployment of a `workloadRef` is scaled down; undefined without one. */
  readonly workloadScaleDown?: 'never' | 'onsuccess' | 'progressively';
  /** Why the controller refuses it, as in `InvalidSpec`; nothing is reconciled then. */
  readonly invalid: string | undefined;
}
