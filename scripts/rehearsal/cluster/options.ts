import type { Progress } from '../local/options.ts';
import type { Mapping } from '../local/pod-env.ts';
import type { Outcome, TimedEvent } from '../outcome.ts';
import type { ClusterClock } from './clock.ts';

export interface ClusterOptions {
  /** Whether to leave the namespace as it is at the end. */
  readonly isKept: boolean;
  /** What users ask for. */
  readonly userPath: string;
  /** An image with Node for the users; undefined for the workload's own. */
  readonly usersImage: string | undefined;
  /** Ends the rehearsal early and removes what it made. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: TimedEvent) => void;
  /** Called with every change, and every second, while it plays. */
  readonly onProgress: (progress: Progress) => void;
  /** Called with what happens before and after the release: 'waits for the users'. */
  readonly onWait: (what: string) => void;
  readonly clock: ClusterClock;
}

/** What a release on a cluster came to, and how the applied objects differ from the manifests. */
export interface ClusterOutcome extends Outcome {
  readonly mappings: readonly Mapping[];
}
