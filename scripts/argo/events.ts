import type { AnalysisPhase, MeasurementPhase } from './metric.ts';
import type { RolloutState } from './rollout-state.ts';
import type { PauseReason, RolloutPhase } from './status.ts';

/** One observed change of a release. `rs` is the pod template hash of a ReplicaSet, `run` the name of an AnalysisRun. */
export type ReleaseEvent =
  | { readonly event: 'create'; readonly rs: string; readonly replicas: number }
  | { readonly event: 'scale'; readonly rs: string; readonly from: number; readonly to: number }
  | { readonly event: 'available'; readonly rs: string; readonly n: number }
  | { readonly event: 'step'; readonly index: number }
  | { readonly event: 'pause'; readonly reasons: readonly PauseReason[] }
  | { readonly event: 'phase'; readonly phase: RolloutPhase; readonly message: string }
  | { readonly event: 'progressing'; readonly reason: string }
  | { readonly event: 'abort'; readonly value: boolean }
  | { readonly event: 'promoted'; readonly rs: string }
  /** The weights changed, or the versions that they apply to; weights are 0 to `maxWeight`. */
  | {
      readonly event: 'weight';
      readonly canary: number;
      readonly stable: number;
      readonly canaryHash: string;
      readonly stableHash: string;
    }
  /** A Service points at another version. */
  | { readonly event: 'service'; readonly service: string; readonly rs: string }
  /** The routes of `setHeaderRoute` and `setMirrorRoute` in force now, each as `kind name`, sorted. */
  | { readonly event: 'routes'; readonly routes: readonly string[] }
  /** The Deployment of a `workloadRef` is scaled. */
  | { readonly event: 'deployment'; readonly from: number; readonly to: number }
  | { readonly event: 'analysisCreated'; readonly run: string }
  | {
      readonly event: 'measurement';
      readonly run: string;
      readonly metric: string;
      readonly phase: MeasurementPhase;
      /** The value as the controller writes it, such as `[0.97]`; empty for an Error. */
      readonly value: string;
      readonly message?: string;
    }
  | { readonly event: 'metricPhase'; readonly run: string; readonly metric: string; readonly phase: AnalysisPhase }
  | { readonly event: 'analysisPhase'; readonly run: string; readonly phase: AnalysisPhase; readonly message: string }
  | { readonly event: 'analysisTerminate'; readonly run: string };

/** Creates a function that returns what changed in `state` since its previous call. */
export function createRecorder(state: RolloutState): () => readonly ReleaseEvent[] {
  const seen = new Map<string, unknown>();
  let events: ReleaseEvent[] = [];

  /** Adds an event where the value under `key` is another than before; the first one is compared with `initial`. */
  function note<T>(key: string, value: T, initial: T | undefined, event: (from: T) => ReleaseEvent): void {
    const from = (seen.has(key) ? seen.get(key) : initial) as T;
    seen.set(key, value);
    if (from !== value) {
      events.push(event(from));
    }
  }

  function noteReplicaSets(): void {
    for (const { hash: rs, specReplicas, availableReplicas: n } of state.replicaSets) {
      note(`create ${rs}`, true, undefined, () => ({ event: 'create', rs, replicas: 0 }));
      note(`scale ${rs}`, specReplicas, 0, (from) => ({ event: 'scale', rs, from, to: specReplicas }));
      note(`available ${rs}`, n, 0, () => ({ event: 'available', rs, n }));
    }
  }

  function noteStatus(): void {
    const { currentStepIndex: index, pauseConditions, isAborted, stableRS, conditions, phase, message } = state.status;
    if (index !== undefined) {
      note('step', index, undefined, () => ({ event: 'step', index }));
    }
    const reasons = pauseConditions.map(({ reason }) => reason);
    note('pause', reasons.join(), '', () => ({ event: 'pause', reasons }));
    note('abort', isAborted, false, () => ({ event: 'abort', value: isAborted }));
    note('stable', stableRS, '', () => ({ event: 'promoted', rs: stableRS }));
    const { progressing } = conditions;
    const reason = progressing === undefined ? '' : `${progressing.status}/${progressing.reason}`;
    note('progressing', reason, '', () => ({ event: 'progressing', reason }));
    if (phase !== undefined) {
      note('phase', `${phase} ${message}`, undefined, () => ({ event: 'phase', phase, message }));
    }
  }

  function noteTraffic(): void {
    const { status, traffic, workloadReplicas: to } = state;
    if (status.weights !== undefined) {
      const { isVerified: _, ...weights } = status.weights;
      note('weights', JSON.stringify(weights), undefined, () => ({ event: 'weight', ...weights }));
    }
    for (const [service, rs] of traffic?.services ?? []) {
      note(`service ${service}`, rs, '', () => ({ event: 'service', service, rs }));
    }
    const routes = [...(traffic?.routes.values() ?? [])].map(({ kind, name }) => `${kind} ${name}`).sort();
    note('routes', routes.join(), '', () => ({ event: 'routes', routes }));
    if (to !== undefined) {
      note('deployment', to, 0, (from) => ({ event: 'deployment', from, to }));
    }
  }

  function noteRuns(): void {
    for (const { name: run, isTerminated, results, phase, message } of state.runs) {
      note(`run ${run}`, true, undefined, () => ({ event: 'analysisCreated', run }));
      note(`terminated ${run}`, isTerminated, false, () => ({ event: 'analysisTerminate', run }));
      for (const [metric, result] of results) {
        const { last } = result;
        if (last !== undefined) {
          const text = last.message === undefined ? {} : { message: last.message };
          const read = {
            event: 'measurement',
            run,
            metric,
            phase: last.phase,
            value: last.value ?? '',
            ...text,
          } as const;
          note(`last ${run} ${metric}`, last, undefined, () => read);
        }
        const change = { event: 'metricPhase', run, metric, phase: result.phase } as const;
        note(`metric ${run} ${metric}`, result.phase, 'Running', () => change);
      }
      if (phase !== '') {
        note(`phase ${run}`, phase, undefined, () => ({ event: 'analysisPhase', run, phase, message }));
      }
    }
  }

  return () => {
    events = [];
    noteReplicaSets();
    noteStatus();
    noteTraffic();
    noteRuns();
    return events;
  };
}
