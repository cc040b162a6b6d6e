import { type AnalysisRun, createAnalysisRun } from '../../argo/analysis-run.ts';
import { type AnalysisPhase, createMetricResult, type MetricResult } from '../../argo/metric.ts';
import type { Plan } from '../../argo/plan.ts';
import type { ReplicaSet } from '../../argo/replica-set.ts';
import { at, type JsonMap, listAt, numberAt, textAt } from '../../manifest/json.ts';
import { CANARY, createState, STABLE } from '../release.ts';
import { nameOf, type ObservedPod, readMeasurement, readPod, readStatus, secondsOf } from './read-objects.ts';

/** Label that the controller sets on every pod, ReplicaSet and AnalysisRun of a Rollout. */
const HASH_LABEL = 'rollouts-pod-template-hash';

/**
 * Copies the state of a Rollout in a cluster into the engine's `RolloutState`, so that the same code records, judges and draws a
 * release in every world. Template hashes are replaced by `STABLE` and `CANARY`.
 */
export function createMirror(plan: Plan) {
  const state = createState(plan);
  const pods = new Map<string, ObservedPod>();
  const changes: (() => void)[] = [];
  let rawHash = '';
  let stableHash: string | undefined;
  const versionOf = (hash: string) => (stableHash === undefined || hash === stableHash ? STABLE : CANARY);

  function seeRollout(rollout: JsonMap): void {
    const hash = (field: string) => textAt(rollout, ['status', field]) ?? '';
    const version = (field: string) => (hash(field) === '' ? '' : versionOf(hash(field)));
    rawHash = hash('currentPodHash');
    state.status = {
      ...readStatus(rollout),
      currentPodHash: version('currentPodHash'),
      stableRS: version('stableRS'),
    };
  }

  function seeReplicaSet(object: JsonMap, hash: string): void {
    const count = (field: string) => numberAt(object, ['status', field]) ?? 0;
    const set: ReplicaSet = {
      hash,
      createdAt: secondsOf(object, ['metadata', 'creationTimestamp']) ?? 0,
      revision: 0,
      specReplicas: numberAt(object, ['spec', 'replicas']) ?? 0,
      desired: state.plan.replicas,
      replicas: count('replicas'),
      readyReplicas: count('readyReplicas'),
      availableReplicas: count('availableReplicas'),
    };
    const known = state.replicaSets.findIndex((one) => one.hash === hash);
    state.replicaSets.splice(known === -1 ? state.replicaSets.length : known, 1, set);
  }

  function seePod(pod: JsonMap, hash: string, isDeleted: boolean): void {
    pods.delete(nameOf(pod));
    if (!isDeleted && at(pod, ['metadata', 'deletionTimestamp']) === undefined) {
      pods.set(nameOf(pod), readPod(pod, hash));
    }
  }

  /** Queues each read of all metrics, oldest first, then the phases and the message of the run that follow from them. */
  function seeRun(object: JsonMap, hash: string): void {
    const name = nameOf(object);
    const run = state.runs.find((one) => one.name === name) ?? createAnalysisRun(name, { metrics: [] }, hash);
    if (!state.runs.includes(run)) {
      state.runs.push(run);
    }
    const metrics = listAt(object, ['status', 'metricResults']).map((metric) => ({
      result: resultOf(run, textAt(metric, ['name']) ?? ''),
      phase: textAt(metric, ['phase']) as AnalysisPhase,
      reads: listAt(metric, ['measurements']).flatMap(readMeasurement),
    }));
    const all = metrics.flatMap(({ result, reads }) => reads.map((read) => ({ result, read })));
    for (const { result, read } of all.toSorted((one, other) => one.read.finishedAt - other.read.finishedAt)) {
      changes.push(() => {
        // The controller keeps the last ten reads of a metric; most were applied before.
        if (read.finishedAt > (result.last?.finishedAt ?? 0)) {
          result.last = read;
        }
      });
    }
    changes.push(() => {
      for (const { result, phase } of metrics) {
        result.phase = phase;
      }
      run.phase = (textAt(object, ['status', 'phase']) ?? '') as AnalysisPhase | '';
      run.message = textAt(object, ['status', 'message']) ?? '';
      run.isTerminated = at(object, ['spec', 'terminate']) === true;
    });
  }

  return {
    state,
    /** Pods without a deletion timestamp. */
    pods: (): readonly ObservedPod[] => [...pods.values()],
    /** Queues what an object changes in `state`. Kinds: Rollout, and with the hash label ReplicaSet, AnalysisRun and Pod. */
    see(object: JsonMap, isDeleted: boolean): void {
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
    /** Applies the oldest queued change to `state`; false if there is none. Every read of a metric is a change of its own. */
    applyNext(): boolean {
      const change = changes.shift();
      change?.();
      return change !== undefined;
    },
    /** Takes the Rollout's present template as the old version; any other is the new one from now on. */
    beginRelease(): void {
      stableHash = rawHash;
      state.wantedHash = CANARY;
      state.generation += 1;
    },
  };
}

function resultOf(run: AnalysisRun, metric: string): MetricResult {
  const result = run.results.get(metric) ?? createMetricResult();
  run.results.set(metric, result);
  return result;
}
