import type { Outcome, TimedEvent } from '../outcome.ts';
import type { Progress } from '../progress.ts';
import type { Mapping } from './pod-env.ts';

export interface LocalOptions {
  /** Most seconds of the rehearsal's clock per second of wall-clock time. */
  readonly speed: number;
  /** Program and arguments of a pod's process. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** As in `Version`. */
  readonly portVariable: string | undefined;
  /** Path of the users' GET requests. */
  readonly userPath: string;
  /** Path of a Prometheus binary to use in place of the embedded PromQL; undefined for none. */
  readonly prometheus: string | undefined;
  /** Aborts the rehearsal. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: TimedEvent) => void;
  /** Called each time that the rehearsal's clock has advanced, and the pods with it. */
  readonly onProgress: (progress: Progress) => void;
}

/** The outcome of a scenario that was played with real processes. */
export interface LocalOutcome extends Outcome {
  readonly mappings: readonly Mapping[];
  /** Seconds of the release per second of wall-clock time, on average. */
  readonly speed: number;
}
