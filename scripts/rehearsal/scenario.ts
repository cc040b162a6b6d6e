import type { JsonMap } from '../manifest/json.ts';
import type { Measures } from './measures.ts';
import type { Matching } from './split.ts';

/** What the pods of one version do: what a change of the template comes to, for a world without processes. */
export interface PodFaults {
  /** 0–1. */
  readonly failureRatio: number;
  readonly latencySeconds: number;
  /** 0–1. */
  readonly hangRatio: number;
  readonly neverReady: boolean;
  readonly crashesAtStart: boolean;
  /** Requests after which a pod dies, again and again; both worlds see to it. */
  readonly crashesAfterRequests: number | undefined;
}

export const NO_FAULTS: PodFaults = {
  failureRatio: 0,
  latencySeconds: 0,
  hangRatio: 0,
  neverReady: false,
  crashesAtStart: false,
  crashesAfterRequests: undefined,
};

/** A JSON merge patch (RFC 7386) for every object of a kind, or the one of a name. */
export interface Patch {
  readonly kind: string;
  readonly name?: string;
  readonly merge: JsonMap;
}

export interface Outage {
  /** The store of both versions, the Prometheus of the gate, or the readiness of the old version's pods. */
  readonly what: 'backend' | 'prometheus' | 'stable';
  /** Seconds after the first pause began; undefined when the release begins. */
  readonly after: number | undefined;
  /** Undefined for good. */
  readonly seconds: number | undefined;
}

export type Verdict = 'promoted' | 'aborted' | 'stuck';

/** How a scenario must end; what is not named is not checked. */
export interface Expectation {
  readonly verdict: Verdict | 'either';
  /** Weight in force when it was decided, integer percent. */
  readonly weight?: number;
  /** Seconds from the canary's first request to the verdict, at most. */
  readonly within?: number;
  /** Requests lost, at most. */
  readonly lost?: number;
  /** What the report must say. */
  readonly words?: string;
}

/** A release and what happens to it. */
export interface Scenario {
  /** The file's name. */
  readonly name: string;
  readonly title: string;
  /** Comes with the command: its variables and figures are those of `workloads/sample-api`. */
  readonly isBuiltIn: boolean;
  /** Environment that the release sets in the container. */
  readonly env: Readonly<Record<string, string>>;
  /** Environment that the old version has beside the manifest's. */
  readonly stableEnv: Readonly<Record<string, string>>;
  readonly patches: readonly Patch[];
  /** Host names of live stores, and what each says it is; null for a store that says nothing. */
  readonly stores: Readonly<Record<string, string | null>>;
  readonly outages: readonly Outage[];
  readonly canary: PodFaults;
  readonly stable: PodFaults;
  readonly requestsPerSecond: number;
  readonly routes: Matching;
  /** Of metrics that no world can measure. */
  readonly measures: Measures;
  readonly expect: Expectation;
}
