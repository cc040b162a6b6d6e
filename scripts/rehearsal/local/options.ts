import type { RolloutPhase } from '../../argo/status.ts';
import type { Outcome, TimedEvent } from '../outcome.ts';
import type { Totals } from '../world.ts';
import type { Mapping } from './pod-env.ts';

export interface LocalOptions {
  /** Most seconds of the rehearsal's clock per second of wall-clock time. */
  readonly speed: number;
  /** Program and arguments of a pod's process. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** As in `PodPlace`. */
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

/** The state of a rehearsal that a live view shows. */
export interface Progress extends Totals {
  /** Seconds since the release began; negative before. */
  readonly t: number;
  /** Seconds of the rehearsal per second of wall-clock time, over about the last second; undefined where both are the same. */
  readonly speed?: number;
  readonly phase: RolloutPhase | undefined;
  readonly message: string;
  /** 0-based index. */
  readonly step: number;
  readonly weight: number;
  readonly pods: readonly {
    readonly name: string;
    readonly hash: string;
    readonly isReady: boolean;
    readonly restarts: number;
  }[];
}

/** The outcome of a scenario that was played with real processes. */
export interface LocalOutcome extends Outcome {
  readonly mappings: readonly Mapping[];
  /** Seconds of the release per second of wall-clock time, on average. */
  readonly speed: number;
}
