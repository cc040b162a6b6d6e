import type { Measurement, Metric } from '../argo/metric.ts';
import type { Plan } from '../argo/plan.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import { NO_STATUS } from '../argo/status.ts';
import { fillQuery } from './gate-args.ts';
import { type Answer, judge } from './judge.ts';
import type { GateMetric } from './read-metric.ts';
import type { Workload } from './workload.ts';

/** The versions' pod template hashes. */
export const STABLE = '5f7c8d9b64';
export const CANARY = '6d84f9c7b5';

/** What one read of a metric comes to at the world's present. */
export type TakeReading = (metric: Metric) => Reading;
export type Reading = Omit<Measurement, 'finishedAt'>;

/** A metric with its query as Prometheus is asked it; undefined where an argument has no value. */
export interface Gate {
  readonly metric: GateMetric;
  readonly query: string | undefined;
}

/** By the metric itself, as the workload has it: two analyses may name theirs alike. */
export function gatesOf({ metrics }: Workload): ReadonlyMap<Metric, Gate> {
  const hashes = { canary: CANARY, stable: STABLE };
  return new Map(metrics.map((metric) => [metric, { metric, query: fillQuery(metric.query, metric.args, hashes) }]));
}

/** Reads the metrics of a gate. `ask` answers a PromQL query at the world's present. */
export function createReader(gates: ReadonlyMap<Metric, Gate>, ask: (query: string) => Answer): TakeReading {
  return (metric) => {
    const gate = gates.get(metric);
    if (gate?.query === undefined) {
      return { phase: 'Error', message: `Unable to resolve metric arguments of '${metric.name}'` };
    }
    return judge(gate.metric, ask(gate.query));
  };
}

/** A Rollout of the old version that no controller has seen yet. */
export function createState(plan: Plan, wantedHash = STABLE): RolloutState {
  return { plan, generation: 1, wantedHash, status: NO_STATUS, replicaSets: [], runs: [] };
}

/** Ready pods of a version. */
export function readyOf({ replicaSets }: RolloutState, hash: string): number {
  return replicaSets.find((set) => set.hash === hash)?.readyReplicas ?? 0;
}
