import type { Mapping } from './local/pod-env.ts';
import type { Outcome } from './outcome.ts';
import type { Scenario } from './scenario.ts';

/** One scenario played. */
export interface Result {
  readonly scenario: Scenario;
  readonly world: 'local' | 'model' | 'cluster';
  /** Seconds of the release per second of wall-clock time; undefined in the other worlds. */
  readonly speed: number | undefined;
  readonly outcome: Outcome;
  /** What the model world says of the same release; undefined in the model world itself. */
  readonly predicted: Outcome | undefined;
  /** Expectations that broke; none when it ended as it must. */
  readonly broken: readonly string[];
  /** By metric name: the line that a value is compared with. */
  readonly limits: Readonly<Record<string, number>>;
  readonly mappings: readonly Mapping[];
  readonly stepCount: number;
  /** What the manifests do not say and had to be assumed; lines. */
  readonly assumed: readonly string[];
}

/** A scenario that says nothing of the gate: the fault that it means was not there. */
export interface NotPlayed {
  readonly scenario: Scenario;
  readonly world: Result['world'];
  /** Why; without a full stop. */
  readonly notPlayed: string;
  /** How to have it played: lines; none where that cannot be said. */
  readonly advice: readonly string[];
  /** Whether the exit code says so: it was named, it was started, or its Rollout cannot be played. */
  readonly isMissed: boolean;
}

export function isNotPlayed(one: object): one is NotPlayed {
  return 'notPlayed' in one;
}

/** Those that were, or can be, played. */
export function playedOf<T extends object>(all: readonly (T | NotPlayed)[]): readonly T[] {
  return all.flatMap((one) => (isNotPlayed(one) ? [] : [one]));
}
