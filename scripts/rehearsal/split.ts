import type { Plan, RouteStep } from '../argo/plan.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import { checkNames } from './errors.ts';
import { CANARY } from './release.ts';

/** How a traffic router distributes requests. */
export interface Split {
  /** The share of the requests that each version gets, 0–1, by pod template hash. */
  readonly shares: ReadonlyMap<string, number>;
  /** Share of the requests that are also copied to the canary, 0–1; answers to copies are dropped. */
  readonly copied: number;
}

/** By name of a route of `setHeaderRoute` or `setMirrorRoute`, the share of the requests that match it, 0–1; 0 if absent. */
export type Matching = Readonly<Record<string, number>>;

/** How a traffic router distributes requests; undefined without one, when each ready pod gets the same share. */
export function splitOf(
  { plan, status, traffic }: Pick<RolloutState, 'plan' | 'status' | 'traffic'>,
  matching: Matching = {},
): Split | undefined {
  const { weights } = status;
  if (plan.routing === undefined || weights === undefined) {
    return undefined;
  }
  let [matched, copied] = [0, 0];
  for (const { kind, name, percentage = 100 } of traffic?.routes.values() ?? []) {
    const share = matching[name] ?? 0;
    matched += kind === 'setHeaderRoute' ? share : 0;
    copied += kind === 'setMirrorRoute' ? (share * percentage) / 100 : 0;
  }
  matched = Math.min(1, matched);
  const byWeight = (1 - matched) / plan.routing.maxWeight;
  const shares = new Map([[weights.stableHash, weights.stable * byWeight]]);
  const before = shares.get(weights.canaryHash) ?? 0;
  shares.set(weights.canaryHash, before + weights.canary * byWeight + matched);
  return { shares, copied: Math.min(1, copied) };
}

function routesOf({ steps }: Plan): readonly string[] {
  const isRoute = (step: Plan['steps'][number]): step is RouteStep =>
    step.kind === 'setHeaderRoute' || step.kind === 'setMirrorRoute';
  return [...new Set(steps.filter(isRoute).map(({ name }) => name))];
}

/** Throws RehearsalError where `matching` names a route that no step has. */
export function checkMatching(plan: Plan, matching: Matching): void {
  checkNames('routes must name routes of the steps', matching, routesOf(plan));
}

/** A line for the user about routes for which the scenario gives no share: no request matches them. */
export function assumedRoutes(plan: Plan, matching: Matching = {}): readonly string[] {
  const silent = routesOf(plan).filter((name) => matching[name] === undefined);
  return silent.length === 0
    ? []
    : [
        `assumed: no request matches the route ${silent.map((name) => `'${name}'`).join(' and ')} (\`routes\` in a scenario gives a share)`,
      ];
}

/** The pods that one request may reach; with a router those of one version, chosen with `random` (0–1) by its share. */
export function reachable<Pod extends { readonly hash: string }>(
  pods: readonly Pod[],
  split: Split | undefined,
  random: () => number,
): readonly Pod[] {
  if (split === undefined) {
    return pods;
  }
  let left = random();
  for (const [hash, share] of split.shares) {
    if (left < share) {
      return pods.filter((pod) => pod.hash === hash);
    }
    left -= share;
  }
  return [];
}

/** The pods that a copy of one request may reach: the canary's, or none where the request is not copied. */
export function copiedTo<Pod extends { readonly hash: string }>(
  pods: readonly Pod[],
  split: Split | undefined,
  random: () => number,
): readonly Pod[] {
  const isCopied = split !== undefined && split.copied > 0 && random() < split.copied;
  return isCopied ? pods.filter(({ hash }) => hash === CANARY) : [];
}
