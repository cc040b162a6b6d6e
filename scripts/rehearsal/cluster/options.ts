import type { LocalOptions, LocalOutcome } from '../local/options.ts';
import type { ClusterClock } from './clock.ts';

/** Options of the cluster world; the picked ones mean what they mean in the local world. */
export interface ClusterOptions extends Pick<LocalOptions, 'userPath' | 'signal' | 'onEvent' | 'onProgress'> {
  /** Whether to leave the namespace as it is at the end. */
  readonly isKept: boolean;
  /** An image with Node for the users; undefined for the workload's own. */
  readonly usersImage: string | undefined;
  /** Called with what happens before and after the release: 'waits for the users'. */
  readonly onWait: (what: string) => void;
  readonly clock: ClusterClock;
}

/** How a release on a cluster ended, and how the applied objects differ from the manifests. */
export type ClusterOutcome = Omit<LocalOutcome, 'speed'>;
