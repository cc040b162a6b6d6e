import type { Mapping } from './local/pod-env.ts';
import type { Outcome } from './outcome.ts';
import type { Scenario } from './scenario.ts';

/** The result of one scenario that was played. */
export interface Result {
  readonly scenario: Scenario;
  readonly world: 'local' | 'model' | 'cluster';
  /** Seconds of the release per second of wall-clock time; only in the local world. */
  readonly speed: number | undefined;
  readonly outcome: Outcome;
  /** The model world's outcome of the same scenario; undefined where there is no prediction. */
  readonly predicted: Outcome | undefined;
  /** A message for each expectation that was not met. */
  readonly broken: readonly string[];
  /** By metric name, the number that its condition compares with. */
  readonly limits: Readonly<Record<string, number>>;
  readonly mappings: readonly Mapping[];
  readonly stepCount: number;
  /** Lines about what the manifests do not say and was assumed. */
  readonly assumed: readonly string[];
}

/** A scenario without a result: it could not be played, or its fault did not occur. */
export interface NotPlayed {
  readonly scenario: Scenario;
  readonly world: Result['world'];
  /** The reason, without a full stop. */
  readonly notPlayed: string;
  /** Lines on how to get it played; empty where there is no advice. */
  readonly advice: readonly string[];
  /** Whether the command exits with 3 because of it: it was named or started, or its Rollout cannot be played. */
  readonly isMissed: boolean;
}

export function isNotPlayed(one: object): one is NotPlayed {
  return 'notPlayed' in one;
}

/** The items of a list that are not a `NotPlayed`. */
export function playedOf<T extends object>(all: readonly (T | NotPlayed)[]): readonly T[] {
  return all.flatMap((one) => (isNotPlayed(one) ? [] : [one]));
}
