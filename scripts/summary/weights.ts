import type { Plan } from '../argo/plan.ts';
import { effectiveWeight, type PodCounts, podsAtWeight, resolveSurge } from '../argo/pods.ts';

/** What the weights of a plan come to with some number of replicas. */
export interface WeightRow {
  readonly replicas: number;
  /** Whether the manifest has this many. */
  readonly isOwn: boolean;
  /** In the order of `weightsOf`. */
  readonly weights: readonly {
    /** Integer percent, as written. */
    readonly weight: number;
    readonly pods: PodCounts;
    /** Percent of the pods, and without a router of the requests. */
    readonly effective: number;
  }[];
}

/** Numbers of replicas at which weights differ most, and a few that people use. */
const USUAL = [1, 2, 3, 4, 5, 10, 20];

/** The weights of a plan, each once, in its order. */
export function weightsOf({ steps }: Plan): readonly number[] {
  return [...new Set(steps.flatMap((step) => (step.kind === 'setWeight' ? [step.weight] : [])))];
}

/** A row for each usual number of replicas and for the plan's own. */
export function weightRows(plan: Plan): readonly WeightRow[] {
  const counts = [...new Set([...USUAL, plan.replicas])].sort((left, right) => left - right);
  return counts.map((replicas) => {
    const { maxSurge } = resolveSurge(plan.maxSurge, plan.maxUnavailable, replicas);
    return {
      replicas,
      isOwn: replicas === plan.replicas,
      weights: weightsOf(plan).map((weight) => {
        const pods = podsAtWeight(replicas, weight, maxSurge);
        return { weight, pods, effective: effectiveWeight(pods) };
      }),
    };
  });
}
