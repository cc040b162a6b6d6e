import type { RolloutState } from '../../../argo/rollout-state.ts';
import type { JsonMap } from '../../../manifest/json.ts';

const time = (seconds: number) => new Date(Math.floor(seconds) * 1000).toISOString();

/** The `status` of a Rollout as the controller writes it, as far as a rehearsal reads it. */
export function rolloutStatus({ status, generation }: RolloutState): JsonMap {
  return {
    ...(status.phase !== undefined && { phase: status.phase }),
    message: status.message,
    currentPodHash: status.currentPodHash,
    stableRS: status.stableRS,
    abort: status.isAborted,
    observedGeneration: String(generation),
    pauseConditions: status.pauseConditions.map(({ reason, startTime }) => ({ reason, startTime: time(startTime) })),
    ...(status.currentStepIndex !== undefined && { currentStepIndex: status.currentStepIndex }),
  };
}

/** All measurements of a metric result so far: the engine keeps only the last. */
const reads = new WeakMap<object, JsonMap[]>();

/** The AnalysisRuns of a Rollout, without a namespace. */
export function analysisRuns({ runs }: RolloutState): readonly JsonMap[] {
  return runs.map((run) => ({
    kind: 'AnalysisRun',
    metadata: { name: run.name, labels: { 'rollouts-pod-template-hash': run.podHash } },
    spec: { terminate: run.isTerminated },
    status: {
      phase: run.phase,
      message: run.message,
      metricResults: [...run.results].map(([name, result]) => {
        const known = reads.get(result) ?? [];
        const { last } = result;
        if (last !== undefined && known.at(-1)?.finishedAt !== time(last.finishedAt)) {
          const { phase, value = '', message } = last;
          known.push({ phase, value, ...(message !== undefined && { message }), finishedAt: time(last.finishedAt) });
        }
        reads.set(result, known);
        return { name, phase: result.phase, measurements: known };
      }),
    },
  }));
}
