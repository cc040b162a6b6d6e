import type { Plan } from '../argo/plan.ts';
import { effectiveWeight, type PodCounts, podsAtWeight, resolveSurge } from '../argo/pods.ts';
import type { ReplicaSets } from '../argo/replica-set.ts';
import { routedPodCounts } from '../argo/routed-scaling.ts';
import { NO_STATUS, type RolloutStatus } from '../argo/status.ts';
import { percentOf } from '../argo/weight.ts';

/** Numbers of pods at each weight of a plan, for one number of replicas. */
export interface WeightRow {
  readonly replicas: number;
  /** Whether `replicas` is the manifest's own number. */
  readonly isOwn: boolean;
  /** In the order of `weightsOf`. */
  readonly weights: readonly {
    /** As written: percent, or with a traffic router of its `maxTrafficWeight`. */
    readonly weight: number;
    readonly pods: PodCounts;
    /** The canary's share of the requests, 0–100 percent: its share of the pods or, with a traffic router, of the weights. */
    readonly effective: number;
  }[];
}

/** Numbers of replicas at which weights differ most, and a few that people use. */
const USUAL = [1, 2, 3, 4, 5, 10, 20];

/** The weights of a plan, each once, in its order. */
export function weightsOf({ steps }: Plan): readonly number[] {
  return [...new Set(steps.flatMap((step) => (step.kind === 'setWeight' ? [step.weight] : [])))];
}

const NO_SETS: ReplicaSets = { canary: undefined, stable: undefined, others: [] };

/** The status of a release at the first step that sets this weight. */
function statusAt({ steps }: Plan, weight: number): RolloutStatus {
  const index = steps.findIndex((step) => step.kind === 'setWeight' && step.weight === weight);
  return { ...NO_STATUS, stableRS: 'stable', currentPodHash: 'canary', currentStepIndex: index };
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
        const pods =
          plan.routing === undefined
            ? podsAtWeight(replicas, weight, maxSurge)
            : routedPodCounts({ ...plan, replicas }, plan.routing, statusAt(plan, weight), NO_SETS, undefined);
        return {
          weight,
          pods,
          effective: plan.routing === undefined ? effectiveWeight(pods) : percentOf(plan, weight),
        };
      }),
    };
  });
}
