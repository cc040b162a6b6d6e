import type { RolloutState } from '../argo/rollout-state.ts';
import type { Losses } from './losses.ts';

/**
 * Where a release happens: pods, users, a controller, and a clock. `loop.ts` lets time pass in it; `record.ts` watches `state` and
 * makes the outcome. There are three:
 *
 * - `model/` simulates all of it: its clock jumps to each time that the loop asks for;
 * - `local/` has processes for pods, and the engine's controller: its clock waits for that time, and for the machine;
 * - `cluster/` is a real one, with its own controller and pods: what the API server says is copied into `state`, change by change.
 */
export interface World {
  /** The Rollout as it stands, written by `controller`. */
  readonly state: RolloutState;
  /** Seconds since the epoch. */
  readonly now: () => number;
  readonly controller: WorldController;
  readonly pods: WorldPods;
  /** Seconds that one reconcile takes; pods change meanwhile. With 0 the controller does all that is due before pods change again. */
  readonly reconcileSeconds: number;
  /** When something from outside happens next, such as an outage; infinite for never. */
  readonly nextEvent?: (now: number) => number;
  /** Time has passed: updates what depends on the pods or on outages, such as users. */
  readonly onPassed?: (now: number, havePodsChanged: boolean) => void;
}

/** What decides a release. */
export interface WorldController {
  /** Pods, the spec or the status changed from outside. */
  readonly notify: () => void;
  /** Does the next thing that is due; returns whether anything was. */
  readonly reconcile: (now: number) => boolean;
  /** Seconds since the epoch when time alone changes something; undefined for never. */
  readonly nextWake: (now: number) => number | undefined;
}

/** What the ReplicaSet controller and the kubelet do. */
export interface WorldPods {
  /** Makes and removes what the ReplicaSets ask for, and counts what is ready; returns whether a count changed. */
  readonly reconcile: (now: number) => boolean;
  /** When a pod changes next by time alone, or one is to be made or removed; undefined for never. */
  readonly nextWake: (now: number) => number | undefined;
}

/** Users' requests that have ended, since the release began. */
export interface Totals {
  readonly succeeded: number;
  readonly lost: number;
  /** Of the lost. */
  readonly losses: Losses;
  /** Requests to the new version, succeeded or lost. */
  readonly canary: number;
}

/** What users saw of one version, since the release began. */
export interface Answers {
  readonly count: number;
  readonly lost: number;
  /** How long they took, on average; 0 without any. */
  readonly meanSeconds: number;
}

/** By version. */
export type VersionAnswers = Readonly<Record<'stable' | 'canary', Answers>>;

/** Who sends requests to the service. */
export interface Users {
  /** The release begins: requests count from here on. */
  readonly begin: (now: number) => void;
  readonly totals: (now: number) => Totals;
  /** Time of the first request to the new version, seconds since the epoch; undefined before it. */
  readonly firstCanary: () => number | undefined;
  /** Undefined where users cannot see which version answered, and in the model world. */
  readonly answers?: () => VersionAnswers;
}
