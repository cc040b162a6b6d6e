import type { Controller } from '../argo/controller.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import type { Losses } from './losses.ts';

/**
 * The place where a release is played: pods, users, a controller and a clock. `loop.ts` lets time pass in it; `record.ts` watches
 * `state` and makes the outcome. There are three worlds:
 *
 * - `model/` simulates everything: its clock jumps to each time that the loop asks for;
 * - `local/` has processes as pods and the engine as controller: its clock runs fast, but waits for a busy machine;
 * - `cluster/` is a real cluster with its own controller and pods: every change that the API server reports is copied into
 * `state`.
 */
export interface World {
  /** The present state of the Rollout, written by `controller`. */
  readonly state: RolloutState;
  /** Seconds since the epoch. */
  readonly now: () => number;
  readonly controller: WorldController;
  readonly pods: WorldPods;
  /** Seconds that one reconcile takes, while pods change. With 0, pods change only when no reconcile is due. */
  readonly reconcileSeconds: number;
  /** When something from outside happens next, such as an outage; infinite for never. */
  readonly nextEvent?: (now: number) => number;
  /** Called after time has passed: updates what depends on the pods or on outages, such as users. */
  readonly onPassed?: (now: number, havePodsChanged: boolean) => void;
}

/** What decides a release: the engine, or what watches a cluster's own controller. */
export type WorldController = Omit<Controller, 'state'>;

/** The pods, with the work of the ReplicaSet controller and the kubelet. */
export interface WorldPods {
  /** Creates and removes pods as the ReplicaSets ask, and updates their counts; returns whether a count changed. */
  readonly reconcile: (now: number) => boolean;
  /** When the pods must be reconciled next, seconds since the epoch; undefined while nothing is due. */
  readonly nextWake: (now: number) => number | undefined;
}

/** What users saw of one version, since the release began. */
export interface Answers {
  readonly count: number;
  readonly lost: number;
  /** Mean time from request to answer, or to the loss; 0 without any. */
  readonly meanSeconds: number;
}

/** `Answers` by version. */
export type VersionAnswers = Readonly<Record<'stable' | 'canary', Answers>>;

/** Users' completed requests since the release began. */
export interface Totals {
  readonly succeeded: number;
  readonly lost: number;
  /** The lost requests by reason. */
  readonly losses: Losses;
  /** Requests to the new version, succeeded or lost. */
  readonly canary: number;
  /** Time of the first of them, seconds since the epoch; undefined before it. */
  readonly firstCanary: number | undefined;
  /** Undefined where users cannot see which version answered, and in the model world. */
  readonly answers?: VersionAnswers;
}

/** The users who send requests to the service. */
export interface Users {
  /** Marks the start of the release: requests count from here on. */
  readonly begin: (now: number) => void;
  readonly totals: (now: number) => Totals;
}
