import type { Measurement, Metric } from '../argo/metric.ts';
import type { Plan } from '../argo/plan.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import { NO_STATUS } from '../argo/status.ts';
import { HASHES } from '../workload/analysis-arguments.ts';
import { type Answer, judge } from './judge.ts';
import { createMeasures } from './measures.ts';
import type { Question } from './prometheus.ts';
import type { MeasuredMetric } from './read-metric.ts';
import type { Scenario } from './scenario.ts';
import { act } from './user-action.ts';
import type { Workload } from './workload.ts';

/** Pod template hashes of the old and the new version in a rehearsal. */
export const { Stable: STABLE, Latest: CANARY } = HASHES;

/** Hashes of the pods that a `workloadRef`'s Deployment has of its own, of the old and the new version. */
export const [OWN_STABLE, OWN_CANARY] = ['7c9f6b5d84', '59b8d7c6f4'];

export const isOfDeployment = (hash: string) => hash === OWN_STABLE || hash === OWN_CANARY;

/** The version of a pod by its hash. */
export const versionOf = (hash: string) => (hash === CANARY || hash === OWN_CANARY ? 'canary' : 'stable');

export type Reading = Omit<Measurement, 'finishedAt'>;

/** Measures metrics: as the scenario's `measures` say, else with `ask`, which evaluates a query at the world's present time. */
export function createReader(
  workload: Workload,
  { measures }: Pick<Scenario, 'measures'>,
  ask: (question: Question) => Answer,
): (metric: Metric) => Reading {
  const { metrics } = workload;
  const takeOther = createMeasures(workload, measures);
  // By object, not name: metrics of two analyses may have the same name.
  const measured = new Map<Metric, MeasuredMetric>(metrics.map((metric) => [metric, metric]));
  return (metric) => {
    const found = measured.get(metric);
    if (found === undefined) {
      throw new Error(`metric '${metric.name}' is not of this workload`);
    }
    if (found.query === undefined || found.name in measures) {
      return takeOther(found);
    }
    return found.providerError === undefined
      ? judge(found, ask(found))
      : { phase: 'Error', message: found.providerError };
  };
}

/** A new Rollout, of the old version by default, before its first reconcile. */
export function createState(plan: Plan, wantedHash = STABLE): RolloutState {
  return { plan, generation: 1, wantedHash, status: NO_STATUS, replicaSets: [], runs: [] };
}

/** The Rollout before the release: what stops the new manifests, a spec that is invalid or paused, came with the release. */
export function standingState(plan: Plan): RolloutState {
  return createState({ ...plan, invalid: undefined, isPaused: false });
}

/** Applies the new version's manifests. */
export function applyRelease(state: RolloutState, plan: Plan): void {
  state.plan = plan;
  act(state, { action: 'setImage', arg: CANARY });
}

/** Number of ready pods of a version. */
export function readyOf({ replicaSets }: RolloutState, hash: string): number {
  return replicaSets.find((set) => set.hash === hash)?.readyReplicas ?? 0;
}

/** Whether the release can begin: all pods of the old version are ready, or where the scenario keeps them unready, exist. */
export function isStableThere({ plan, status, replicaSets }: RolloutState, { stable }: Scenario): boolean {
  const pods = replicaSets.find(({ hash }) => hash === STABLE);
  return stable.neverReady
    ? status.stableRS === STABLE && pods?.replicas === plan.replicas
    : status.phase === 'Healthy' && pods?.readyReplicas === plan.replicas;
}
