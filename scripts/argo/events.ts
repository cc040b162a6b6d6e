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

  /** The previous value under `key` when it differs from `value`, else undefined. The first call compares with `initial`. */
  function changed<T>(key: string, value: T, initial?: T): { readonly from: T } | undefined {
    const from = (seen.has(key) ? seen.get(key) : initial) as T;
    seen.set(key, value);
    return from === value ? undefined : { from };
  }

  function recordReplicaSets(): void {
    for (const { hash, specReplicas, availableReplicas } of state.replicaSets) {
      if (changed(`create ${hash}`, true) !== undefined) {
        events.push({ event: 'create', rs: hash, replicas: 0 });
      }
      const scaled = changed(`scale ${hash}`, specReplicas, 0);
      if (scaled !== undefined) {
        events.push({ event: 'scale', rs: hash, from: scaled.from, to: specReplicas });
      }
      if (changed(`available ${hash}`, availableReplicas, 0) !== undefined) {
        events.push({ event: 'available', rs: hash, n: availableReplicas });
      }
    }
  }

  function recordStatus(): void {
    const { status } = state;
    if (changed('step', status.currentStepIndex) !== undefined && status.currentStepIndex !== undefined) {
      events.push({ event: 'step', index: status.currentStepIndex });
    }
    const reasons = status.pauseConditions.map(({ reason }) => reason);
    if (changed('pause', reasons.join(), '') !== undefined) {
      events.push({ event: 'pause', reasons });
    }
    if (changed('abort', status.isAborted, false) !== undefined) {
      events.push({ event: 'abort', value: status.isAborted });
    }
    if (changed('stable', status.stableRS, '') !== undefined) {
      events.push({ event: 'promoted', rs: status.stableRS });
    }
    const { progressing } = status.conditions;
    const reason = progressing === undefined ? '' : `${progressing.status}/${progressing.reason}`;
    if (changed('progressing', reason, '') !== undefined) {
      events.push({ event: 'progressing', reason });
    }
    if (status.phase !== undefined && changed('phase', `${status.phase} ${status.message}`) !== undefined) {
      events.push({ event: 'phase', phase: status.phase, message: status.message });
    }
  }

  function recordTraffic(): void {
    const { status, traffic, workloadReplicas } = state;
    if (status.weights !== undefined) {
      const { isVerified: _, ...weights } = status.weights;
      if (changed('weights', JSON.stringify(weights)) !== undefined) {
        events.push({ event: 'weight', ...weights });
      }
    }
    for (const [service, rs] of traffic?.services ?? []) {
      if (changed(`service ${service}`, rs, '') !== undefined) {
        events.push({ event: 'service', service, rs });
      }
    }
    const routes = [...(traffic?.routes.values() ?? [])].map(({ kind, name }) => `${kind} ${name}`).sort();
    if (changed('routes', routes.join(), '') !== undefined) {
      events.push({ event: 'routes', routes });
    }
    const scaled = workloadReplicas === undefined ? undefined : changed('deployment', workloadReplicas, 0);
    if (scaled !== undefined && workloadReplicas !== undefined) {
      events.push({ event: 'deployment', from: scaled.from, to: workloadReplicas });
    }
  }

  function recordRuns(): void {
    for (const run of state.runs) {
      if (changed(`run ${run.name}`, true) !== undefined) {
        events.push({ event: 'analysisCreated', run: run.name });
      }
      if (changed(`terminated ${run.name}`, run.isTerminated, false) !== undefined) {
        events.push({ event: 'analysisTerminate', run: run.name });
      }
      for (const [metric, { last, phase }] of run.results) {
        if (changed(`last ${run.name} ${metric}`, last) !== undefined && last !== undefined) {
          const { value = '', message } = last;
          const text = message === undefined ? {} : { message };
          events.push({ event: 'measurement', run: run.name, metric, phase: last.phase, value, ...text });
        }
        if (changed(`metric ${run.name} ${metric}`, phase, 'Running') !== undefined) {
          events.push({ event: 'metricPhase', run: run.name, metric, phase });
        }
      }
      if (run.phase !== '' && changed(`phase ${run.name}`, run.phase) !== undefined) {
        events.push({ event: 'analysisPhase', run: run.name, phase: run.phase, message: run.message });
      }
    }
  }

  return () => {
    events = [];
    recordReplicaSets();
    recordStatus();
    recordTraffic();
    recordRuns();
    return events;
  };
}
