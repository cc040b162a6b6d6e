import type { RolloutPhase } from '../../argo/status.ts';
import type { Outcome, TimedEvent } from '../outcome.ts';
import type { Totals } from '../world.ts';
import type { Mapping } from './pod-env.ts';

export interface LocalOptions {
  /** Upper bound: seconds of the rehearsal in one of wall-clock time. */
  readonly speed: number;
  /** Program and arguments of a pod's process. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly portVariable: string | undefined;
  /** What users ask for. */
  readonly userPath: string;
  /** A Prometheus binary in place of the embedded evaluation. */
  readonly prometheus: string | undefined;
  /** Ends the rehearsal early and leaves nothing running. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: TimedEvent) => void;
  /** Often, while it plays. */
  readonly onProgress: (progress: Progress) => void;
}

/** What a live view shows. */
export interface Progress extends Totals {
  /** Seconds since the release began; negative before. */
  readonly t: number;
  /** Seconds of the rehearsal in one of wall-clock time, over the last second; undefined where both are the same. */
  readonly speed?: number;
  readonly phase: RolloutPhase | undefined;
  readonly message: string;
  readonly step: number;
  readonly weight: number;
  readonly pods: readonly {
    readonly name: string;
    readonly hash: string;
    readonly isReady: boolean;
    readonly restarts: number;
  }[];
}

/** A rehearsal with real processes, and how they differ from a cluster's. */
export interface LocalOutcome extends Outcome {
  readonly mappings: readonly Mapping[];
  /** Seconds of the release in one of wall-clock time, on average. */
  readonly speed: number;
}
