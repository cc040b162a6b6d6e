/** Seconds: the kubelet's shortest back-off, and the longest one. */
const [SHORTEST, LONGEST] = [10, 300];
/** Seconds that a container must have run for its back-off to begin anew: twice the longest one. */
const RESET_AFTER = 2 * LONGEST;

/**
 * Seconds after which the kubelet restarts a container that ran for `ranSeconds`: none the first time, then 10, doubled each time.
 * `last` is the delay before that run; undefined for a pod's first one. Mirrors `doBackOff` in kubernetes
 * `pkg/kubelet/kuberuntime/kuberuntime_manager.go` with `Backoff` in client-go `util/flowcontrol/backoff.go` (v1.34).
 */
export function restartDelay(last: number | undefined, ranSeconds: number): number {
  return last === undefined || ranSeconds > RESET_AFTER ? 0 : Math.min(Math.max(SHORTEST, 2 * last), LONGEST);
}
