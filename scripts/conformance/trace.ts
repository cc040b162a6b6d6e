import type { ReleaseEvent } from '../argo/events.ts';
import type { Json, JsonMap } from '../manifest/json.ts';
import type { PodBehaviour } from '../model/pods.ts';
import type { UserAction } from '../rehearsal/user-action.ts';
import type { JsonNumber } from './compare.ts';

/** A whole update as `conformance/traces.json` describes it. */
export interface TraceScenario {
  readonly spec: JsonMap;
  readonly metrics?: readonly JsonMap[];
  readonly dryRun?: readonly { readonly metricName: string }[];
  readonly pods: Readonly<Record<string, PodBehaviour>>;
  readonly values?: readonly {
    readonly t: number;
    readonly vector?: readonly JsonNumber[];
    readonly scalar?: JsonNumber;
    readonly error?: string;
    readonly query?: string;
  }[];
  readonly actions?: readonly (UserAction & { readonly t: number })[];
  readonly firstDeployment?: boolean;
  /** How the stand-in for a traffic router behaves: seconds until it reports a weight; whether it waits for pods as Istio's subsets do. */
  readonly router?: { readonly verifySeconds?: number; readonly delaysHash?: boolean };
  /** Replicas of the Deployment that `workloadRef` names. */
  readonly deployment?: number;
  /** Seconds that the update is played. */
  readonly horizon: number;
}

export type TraceEvent = ReleaseEvent & { readonly t: number };

export interface Trace {
  readonly events: readonly TraceEvent[];
  readonly final: Json;
}
