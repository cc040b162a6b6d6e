import type { JsonMap } from '../manifest/json.ts';
import type { Measures } from './measures.ts';
import type { Matching } from './split.ts';

/** The faults of one version's pods, as the model world simulates them: it starts no process that could read a variable. */
export interface PodFaults {
  /** Share of the requests that are answered with a 5xx, 0–1. */
  readonly failureRatio: number;
  /** Added to every answer. */
  readonly latencySeconds: number;
  /** Share of the requests that are never answered, 0–1. */
  readonly hangRatio: number;
  readonly neverReady: boolean;
  readonly crashesAtStart: boolean;
  /** Requests after which a pod crashes, again after each restart; the local world plays this too. */
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

/** A JSON merge patch (RFC 7386) for every object of a kind, or only for the one with that name. */
export interface Patch {
  readonly kind: string;
  readonly name?: string;
  readonly merge: JsonMap;
}

/** Something that fails for a time during a release. */
export interface Outage {
  /** The backend of both versions, the Prometheus of the gate, or the readiness of the old version's pods. */
  readonly what: 'backend' | 'prometheus' | 'stable';
  /** Seconds from the first pause to the outage; undefined for an outage that begins with the release. */
  readonly after: number | undefined;
  /** Duration; undefined for an outage without end. */
  readonly seconds: number | undefined;
}

export type Verdict = 'promoted' | 'aborted' | 'stuck';

/** How a scenario must end; absent fields are not checked. */
export interface Expectation {
  readonly verdict: Verdict | 'either';
  /** Weight in force before the verdict, integer percent. */
  readonly weight?: number;
  /** Most seconds from the canary's first request to the verdict. */
  readonly within?: number;
  /** Most requests that may be lost. */
  readonly lost?: number;
  /** Text that the report must have for the release, such as `no requests measured`. */
  readonly words?: string;
}

/** A release and what happens to it. */
export interface Scenario {
  /** Name of the scenario file without its extension. */
  readonly name: string;
  readonly title: string;
  /** Whether it comes with the command: its variables are those of `workloads/sample-api`. */
  readonly isBuiltIn: boolean;
  /** Environment variables that the release sets in the container. */
  readonly env: Readonly<Record<string, string>>;
  /** Environment variables of the old version, in addition to the manifest's. */
  readonly stableEnv: Readonly<Record<string, string>>;
  readonly patches: readonly Patch[];
  /** Host names at which a store runs, with the id that each store reports; null for one that reports none. */
  readonly stores: Readonly<Record<string, string | null>>;
  readonly outages: readonly Outage[];
  readonly canary: PodFaults;
  readonly stable: PodFaults;
  readonly requestsPerSecond: number;
  readonly routes: Matching;
  /** Measurements to use in place of querying: for metrics that no world can query, or to override a query. */
  readonly measures: Measures;
  readonly expect: Expectation;
}
