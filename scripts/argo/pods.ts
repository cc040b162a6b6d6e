/** A number of pods or a percentage as in YAML: `1`, `"25%"`; undefined is Argo's default, 25 %. */
export type IntOrPercent = number | string | undefined;

/** Percent of a string; NaN for anything else. Argo's deprecated Kubernetes helper reads `25` as `25%`, so this does too. */
function percent(text: string): number {
  const digits = text.replace('%', '');
  return /^[+-]?\d+$/.test(digits) ? Number(digits) : Number.NaN;
}

/**
 * Whole pods that maxSurge (rounded up) and maxUnavailable (rounded down) allow at `replicas`. Defaults are Argo's: 25 % each.
 * When both are 0, one pod may be unavailable. Mirrors `resolveFenceposts` in argo-rollouts
 * `utils/replicaset/replicaset.go` (v1.10.2), dropped errors included: an unreadable value in either makes both 0.
 */
export function resolveSurge(
  maxSurge: IntOrPercent,
  maxUnavailable: IntOrPercent,
  replicas: number,
): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const pods = (value: IntOrPercent, round: (pods: number) => number) =>
    typeof value === 'number' ? value : round((percent(value ?? '25') * replicas) / 100);
  const surge = pods(maxSurge, Math.ceil);
  const unavailable = pods(maxUnavailable, Math.floor);
  if (Number.isNaN(surge) || Number.isNaN(unavailable)) {
    return { maxSurge: 0, maxUnavailable: 0 };
  }
  const bothZero = surge === 0 && unavailable === 0;
  // With 0 replicas none can be unavailable, even if `maxUnavailable` is negative.
  return { maxSurge: surge, maxUnavailable: replicas === 0 ? 0 : Math.min(bothZero ? 1 : unavailable, replicas) };
}

/** Number of pods of each version. */
export interface PodCounts {
  readonly canary: number;
  readonly stable: number;
}

/**
 * Pods of each version for a weight (integer percent 0–100) without a traffic router: the split of `replicas`, or with surge
 * also of `replicas` + 1 pods, that is nearest to the weight. Mirrors `approximateWeightedCanaryStableReplicaCounts` in
 * argo-rollouts `utils/replicaset/canary.go` (v1.10.2), with its defect: without surge, a weight of exactly
 * 100 - 50/replicas has no solution and gives no canary pod.
 */
export function podsAtWeight(replicas: number, weight: number, maxSurge: number): PodCounts {
  if (replicas === 0) {
    return { canary: 0, stable: 0 };
  }
  const zeroAllowed = weight === 100 || weight === 0 || (replicas === 1 && maxSurge === 0);
  const wanted = (replicas * weight) / 100;
  const [up, down] = [Math.ceil(wanted), Math.floor(wanted)];
  const isHalf = (total: number) => (total * weight) % 100 === 50;
  let best: PodCounts = { canary: 0, stable: replicas };
  let least = Number.POSITIVE_INFINITY;
  function add(canary: number, total: number): void {
    const distance = Math.abs((100 * canary) / total - weight);
    if (distance < least) {
      best = { canary, stable: total - canary };
      least = distance;
    }
  }
  if (up < replicas || zeroAllowed) {
    add(up, replicas);
  }
  if (!isHalf(replicas) && (down !== 0 || zeroAllowed)) {
    add(down, replicas);
  }
  if (maxSurge > 0) {
    add(up, replicas + 1);
    if (!isHalf(replicas + 1) && (down !== 0 || zeroAllowed)) {
      add(down, replicas + 1);
    }
  }
  return best;
}

/** The canary's share of the pods, percent 0–100: the weight that requests really get without a traffic router. */
export function effectiveWeight({ canary, stable }: PodCounts): number {
  return canary + stable === 0 ? 0 : (100 * canary) / (canary + stable);
}
