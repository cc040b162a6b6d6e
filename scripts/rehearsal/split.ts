import type { RolloutState } from '../argo/rollout-state.ts';

/** The share of the requests that each version gets, 0–1, by pod template hash. */
export type Split = ReadonlyMap<string, number>;

/** Where a traffic router sends requests; undefined without one: each ready pod gets as many then. */
export function splitOf({ plan, status }: Pick<RolloutState, 'plan' | 'status'>): Split | undefined {
  const { weights } = status;
  if (plan.routing === undefined || weights === undefined) {
    return undefined;
  }
  const { maxWeight } = plan.routing;
  const split = new Map([[weights.stableHash, weights.stable / maxWeight]]);
  return split.set(weights.canaryHash, (split.get(weights.canaryHash) ?? 0) + weights.canary / maxWeight);
}

/** The pods that one request may reach: with a router those of the version that `random` (0–1) falls on. */
export function reachable<Pod extends { readonly hash: string }>(
  pods: readonly Pod[],
  split: Split | undefined,
  random: () => number,
): readonly Pod[] {
  if (split === undefined) {
    return pods;
  }
  let left = random();
  for (const [hash, share] of split) {
    if (left < share) {
      return pods.filter((pod) => pod.hash === hash);
    }
    left -= share;
  }
  return [];
}
