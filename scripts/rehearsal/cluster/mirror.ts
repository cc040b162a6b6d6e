import { type AnalysisRun, createAnalysisRun } from '../../argo/analysis-run.ts';
import {
  type AnalysisPhase,
  createMetricResult,
  type Measurement,
  type MeasurementPhase,
  type MetricResult,
} from '../../argo/metric.ts';
import type { Plan } from '../../argo/plan.ts';
import type { ReplicaSet } from '../../argo/replica-set.ts';
import type { RolloutState } from '../../argo/rollout-state.ts';
import { NO_STATUS, type PauseReason, type RolloutPhase, type RolloutStatus } from '../../argo/status.ts';
import { at, type Json, type JsonMap, listAt, mapAt, numberAt, textAt } from '../../manifest/json.ts';
import { CANARY, createState, STABLE } from '../release.ts';

/** On every pod, ReplicaSet and AnalysisRun of a Rollout. */
const HASH_LABEL = 'rollouts-pod-template-hash';

export interface ObservedPod {
  readonly name: string;
  /** `STABLE` or `CANARY`. */
  readonly hash: string;
  readonly isReady: boolean;
  readonly restarts: number;
}

/**
 * The state of a Rollout in a cluster, kept as the engine keeps its own, so that what records, judges and draws a release is the same
 * for both. Template hashes are replaced by `STABLE` and `CANARY`.
 */
export interface Mirror {
  readonly state: RolloutState;
  /** Those that are not being ended. */
  readonly pods: () => readonly ObservedPod[];
  /** Queues what an object of the release says, as the API server shows it; objects of other owners are passed over. */
  readonly see: (object: JsonMap, isDeleted: boolean) => void;
  /** Writes the next change into `state`, false where none is left. Every read of a metric is a change of its own. */
  readonly applyNext: () => boolean;
  /** From here on the template that is now the Rollout's is the old version. */
  readonly beginRelease: () => void;
}

export function createMirror(plan: Plan): Mirror {
  const state = createState(plan);
  const pods = new Map<string, ObservedPod>();
  const changes: (() => void)[] = [];
  let rawHash = '';
  let stableHash: string | undefined;
  const versionOf = (hash: string) => (stableHash === undefined || hash === stableHash ? STABLE : CANARY);

  function seeRollout(rollout: JsonMap): void {
    const status = mapAt(rollout, ['status']);
    rawHash = textAt(status, ['currentPodHash']) ?? '';
    const version = (field: string) => {
      const hash = textAt(status, [field]) ?? '';
      return hash === '' ? '' : versionOf(hash);
    };
    state.status = {
      ...readStatus(status),
      currentPodHash: version('currentPodHash'),
      stableRS: version('stableRS'),
    };
  }

  function seeReplicaSet(object: JsonMap, hash: string): void {
    const set: ReplicaSet = {
      hash,
      createdAt: secondsOf(object, ['metadata', 'creationTimestamp']) ?? 0,
      revision: 0,
      specReplicas: numberAt(object, ['spec', 'replicas']) ?? 0,
      desired: state.plan.replicas,
      replicas: numberAt(object, ['status', 'replicas']) ?? 0,
      readyReplicas: numberAt(object, ['status', 'readyReplicas']) ?? 0,
      availableReplicas: numberAt(object, ['status', 'availableReplicas']) ?? 0,
    };
    const known = state.replicaSets.find((one) => one.hash === hash);
    if (known === undefined) {
      state.replicaSets.push(set);
    } else {
      Object.assign(known, set);
    }
  }

  function seePod(pod: JsonMap, hash: string, isDeleted: boolean): void {
    pods.delete(nameOf(pod));
    if (!isDeleted && at(pod, ['metadata', 'deletionTimestamp']) === undefined) {
      pods.set(nameOf(pod), readPod(pod, hash));
    }
  }

  /** The controller keeps the last ten reads of a metric: all that are new come first, what they led to last. */
  function seeRun(object: JsonMap, hash: string): void {
    const name = nameOf(object);
    const run = state.runs.find((one) => one.name === name) ?? createAnalysisRun(name, { metrics: [] }, hash);
    if (!state.runs.includes(run)) {
      state.runs.push(run);
    }
    const metrics = listAt(object, ['status', 'metricResults']).map((metric) => ({
      name: textAt(metric, ['name']) ?? '',
      phase: textAt(metric, ['phase']) as AnalysisPhase,
      reads: listAt(metric, ['measurements']).flatMap(readMeasurement),
    }));
    const due = metrics.flatMap(({ name: metric, reads }) => reads.map((read) => ({ metric, read })));
    for (const { metric, read } of due.toSorted((one, other) => one.read.finishedAt - other.read.finishedAt)) {
      changes.push(() => {
        const result = resultOf(run, metric);
        if (read.finishedAt > (result.last?.finishedAt ?? 0)) {
          result.last = read;
        }
      });
    }
    changes.push(() => {
      for (const { name: metric, phase } of metrics) {
        resultOf(run, metric).phase = phase;
      }
      run.phase = (textAt(object, ['status', 'phase']) ?? '') as AnalysisPhase | '';
      run.message = textAt(object, ['status', 'message']) ?? '';
      run.isTerminated = at(object, ['spec', 'terminate']) === true;
    });
  }

  return {
    state,
    pods: () => [...pods.values()],
    see(object, isDeleted) {
      const label = textAt(object, ['metadata', 'labels', HASH_LABEL]);
      if (object.kind === 'Rollout') {
        changes.push(() => seeRollout(object));
      } else if (object.kind === 'ReplicaSet' && label !== undefined) {
        changes.push(() => seeReplicaSet(isDeleted ? {} : object, versionOf(label)));
      } else if (object.kind === 'AnalysisRun' && label !== undefined) {
        seeRun(object, versionOf(label));
      } else if (object.kind === 'Pod' && label !== undefined) {
        changes.push(() => seePod(object, versionOf(label), isDeleted));
      }
    },
    applyNext() {
      const change = changes.shift();
      change?.();
      return change !== undefined;
    },
    beginRelease() {
      stableHash = rawHash;
      state.wantedHash = CANARY;
      state.generation += 1;
    },
  };
}

/** What the record of a release looks at. */
function readStatus(status: JsonMap): RolloutStatus {
  const progressing = listAt(status, ['conditions']).find((one) => textAt(one, ['type']) === 'Progressing');
  return {
    ...NO_STATUS,
    phase: textAt(status, ['phase']) as RolloutPhase | undefined,
    message: textAt(status, ['message']) ?? '',
    currentStepIndex: numberAt(status, ['currentStepIndex']),
    isAborted: status.abort === true,
    pauseConditions: listAt(status, ['pauseConditions']).map((pause) => ({
      reason: textAt(pause, ['reason']) as PauseReason,
      startTime: secondsOf(pause, ['startTime']) ?? 0,
    })),
    conditions: {
      ...NO_STATUS.conditions,
      progressing:
        progressing === undefined
          ? undefined
          : {
              status: textAt(progressing, ['status']) as 'True' | 'False' | 'Unknown',
              reason: textAt(progressing, ['reason']) ?? '',
              message: textAt(progressing, ['message']) ?? '',
              lastUpdateTime: secondsOf(progressing, ['lastUpdateTime']) ?? 0,
            },
    },
  };
}

/** None while it is under way. */
function readMeasurement(measurement: Json): readonly Measurement[] {
  const phase = textAt(measurement, ['phase']) as MeasurementPhase;
  const value = textAt(measurement, ['value']) ?? '';
  const message = textAt(measurement, ['message']);
  const finishedAt = secondsOf(measurement, ['finishedAt']);
  const text = message === undefined ? {} : { message };
  return finishedAt === undefined ? [] : [{ phase, value, ...text, finishedAt }];
}

function resultOf(run: AnalysisRun, metric: string): MetricResult {
  const result = run.results.get(metric) ?? createMetricResult();
  run.results.set(metric, result);
  return result;
}

function readPod(pod: JsonMap, hash: string): ObservedPod {
  const ready = listAt(pod, ['status', 'conditions']).find((one) => textAt(one, ['type']) === 'Ready');
  const containers = listAt(pod, ['status', 'containerStatuses']);
  return {
    name: nameOf(pod),
    hash,
    isReady: textAt(ready, ['status']) === 'True',
    restarts: containers.reduce((sum: number, one) => sum + (numberAt(one, ['restartCount']) ?? 0), 0),
  };
}

function nameOf(object: JsonMap): string {
  return textAt(object, ['metadata', 'name']) ?? '';
}

/** Seconds since the epoch of an RFC 3339 time. */
function secondsOf(value: Json | undefined, path: readonly string[]): number | undefined {
  const text = textAt(value, path);
  return text === undefined ? undefined : Date.parse(text) / 1000;
}
