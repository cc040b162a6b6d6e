import type { AnalysisSpec } from './analysis-run.ts';
import type { IntOrPercent } from './pods.ts';
import type { CanaryServices, TrafficRouting } from './traffic-routing.ts';

/** One step of a canary. */
export type Step =
  | { readonly kind: 'setWeight'; readonly weight: number }
  /** Lasts until a person promotes where `seconds` is undefined. */
  | { readonly kind: 'pause'; readonly seconds: number | undefined }
  /** Completes when its run is Successful. Without a spec no run is created, and the step never completes. */
  | { readonly kind: 'analysis'; readonly spec: AnalysisSpec | undefined }
  /** With a traffic router only. Pods of the canary: a number, those for a weight, or again those for the traffic weight. */
  | {
      readonly kind: 'setCanaryScale';
      readonly replicas?: number | undefined;
      readonly weight?: number | undefined;
      readonly matchesWeight: boolean;
    }
  /** With a traffic router only. */
  | RouteStep;

/** A route that sends matching requests, or for a mirror copies of them, to the canary. */
export interface RouteStep {
  readonly kind: 'setHeaderRoute' | 'setMirrorRoute';
  readonly name: string;
  /** Whether the step sets the route; otherwise it removes the route. */
  readonly isSet: boolean;
  /** For a mirror: percent of the matching requests that are copied; 100 when undefined. */
  readonly percentage?: number | undefined;
}

export interface BackgroundAnalysis {
  readonly spec: AnalysisSpec;
  /** 0-based index of the step at which it starts; when undefined it starts at once, before there is a canary pod. */
  readonly startingStep: number | undefined;
}

/** The part of a Rollout's spec that the engine plays, with Argo's defaults filled in. */
export interface Plan {
  readonly name: string;
  readonly replicas: number;
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
  readonly minReadySeconds: number;
  /** Argo's default is 600. */
  readonly progressDeadlineSeconds: number;
  readonly progressDeadlineAbort: boolean;
  readonly isPaused: boolean;
  /** A rollback by at most this many revisions skips steps and analysis; 0 for none. */
  readonly rollbackWindow: number;
  readonly steps: readonly Step[];
  readonly analysis: BackgroundAnalysis | undefined;
  readonly services?: CanaryServices | undefined;
  /** Undefined without a traffic router: each ready pod then gets the same share of the requests. */
  readonly routing?: TrafficRouting | undefined;
  /** Available pods at which a step or the update counts as scaled: percent of the desired pods, or a number. Default: all. */
  readonly progressThreshold?: { readonly type: 'Percent' | 'Pods'; readonly value: number } | undefined;
  /** When the Deployment of a `workloadRef` is scaled down; undefined for never. */
  readonly workloadScaleDown?: 'onsuccess' | 'progressively' | undefined;
  /** Why the controller refuses the spec, as in its `InvalidSpec` condition; nothing is reconciled then. */
  readonly invalid: string | undefined;
}
