import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Plan } from '../../argo/plan.ts';
import type { JsonMap } from '../../manifest/json.ts';
import { loadManifests } from '../../manifest/load.ts';
import { createRecord } from '../record.ts';
import { CANARY, STABLE } from '../release.ts';
import { readWorkload } from '../workload.ts';
import { createMirror } from './mirror.ts';

const root = new URL('../../..', import.meta.url).pathname;
const folder = `${root}/workloads/sample-api`;
const { plan } = readWorkload(folder, (await loadManifests([folder], root)).manifests);

type Counts = readonly [replicas: number, ready: number, available: number];

interface Run {
  readonly name: string;
  readonly verdict: string;
  readonly atSeconds: number;
  readonly step: number | null;
  readonly message: string | null;
  readonly reads: readonly { metric: string; at: number; phase: string; value?: readonly number[] }[];
  readonly timeline: readonly {
    t: number;
    phase: string;
    message: string | null;
    step: number;
    stable: Counts | null;
    canary: Counts | null;
  }[];
}

const { runs } = JSON.parse(readFileSync(new URL('testdata/landed-runs.json', import.meta.url), 'utf8')) as {
  runs: readonly Run[];
};

/** Seconds since the epoch. */
const BEGAN = 1_795_000_000;
const time = (t: number) => new Date((BEGAN + Math.floor(t)) * 1000).toISOString();
const labels = (hash: string) => ({ 'rollouts-pod-template-hash': hash });

function rollout(status: JsonMap): JsonMap {
  return { kind: 'Rollout', metadata: { name: 'sample-api' }, status };
}

function replicaSet(hash: string, [replicas, readyReplicas, availableReplicas]: Counts): JsonMap {
  const status = { replicas, readyReplicas, availableReplicas };
  return {
    kind: 'ReplicaSet',
    metadata: { name: `sample-api-${hash}`, labels: labels(hash) },
    spec: { replicas },
    status,
  };
}

function analysisRun(phase: string, reads: Run['reads']): JsonMap {
  const metricResults = [...Map.groupBy(reads, ({ metric }) => metric)].map(([name, own]) => ({
    name,
    phase: own.filter((read) => read.phase === 'Failed').length > 1 ? 'Failed' : 'Running',
    measurements: own.map((read) => ({
      phase: read.phase,
      ...(read.value && { value: JSON.stringify(read.value) }),
      startedAt: time(read.at),
      finishedAt: time(read.at),
    })),
  }));
  const metadata = { name: 'sample-api-new-2', labels: labels('new') };
  return { kind: 'AnalysisRun', metadata, spec: {}, status: { phase, metricResults } };
}

/** Feeds a recorded run to the mirror, as watches would, and answers what the shared record makes of it. */
function replay(run: Run, settings: Plan = plan) {
  const mirror = createMirror(settings);
  const record = createRecord(mirror.state, {
    totals: () => ({ succeeded: 0, lost: 0, losses: {}, canary: 0, firstCanary: undefined }),
  });
  const settle = (now: number) => {
    while (mirror.applyNext()) {
      record.note(now, 'reconcile');
    }
    record.note(now, 'time');
  };
  mirror.see(rollout({ phase: 'Healthy', currentPodHash: 'old', stableRS: 'old', currentStepIndex: 6 }), false);
  settle(BEGAN - 1);
  mirror.beginRelease();
  record.begin(BEGAN);
  let reads: Run['reads'] = [];
  for (const { t, phase, message, step, stable, canary } of run.timeline) {
    const due = run.reads.filter((read) => read.at <= t);
    if (due.length > reads.length) {
      reads = due;
      mirror.see(analysisRun('Running', reads), false);
    }
    for (const [hash, counts] of [
      ['old', stable],
      ['new', canary],
    ] as const) {
      if (counts !== null) {
        mirror.see(replicaSet(hash, counts), false);
      }
    }
    const isPromoted = phase === 'Healthy' && t > 1;
    mirror.see(
      rollout({
        phase,
        message: message ?? '',
        currentStepIndex: step,
        currentPodHash: t < 0.4 ? 'old' : 'new',
        stableRS: isPromoted ? 'new' : 'old',
        abort: phase === 'Degraded' && message?.startsWith('RolloutAborted') === true,
        pauseConditions: phase === 'Paused' ? [{ reason: 'CanaryPauseStep', startTime: time(t) }] : [],
      }),
      false,
    );
    settle(BEGAN + t);
  }
  return record.result(BEGAN + (run.timeline.at(-1)?.t ?? 0));
}

describe('a release recorded on a real cluster', () => {
  test.each(runs)('$name comes to the same verdict, step and time', (run) => {
    const { verdict, at, step, message } = replay(run);
    expect({ verdict, step, message }).toEqual({
      verdict: run.verdict,
      step: run.step ?? plan.steps.length,
      message: run.message ?? '',
    });
    expect(Math.abs(at - BEGAN - run.atSeconds)).toBeLessThan(1);
  });

  test.each(runs)('$name shows every read once, in order', (run) => {
    const { events } = replay(run);
    const reads = events.flatMap((event) => (event.event === 'measurement' ? [event] : []));
    const want = run.reads.map(({ metric, phase, value }) => ({
      metric,
      phase,
      value: value === undefined ? '' : JSON.stringify(value),
    }));
    const byMetric = (list: readonly { metric: string }[]) => list.toSorted((a, b) => a.metric.localeCompare(b.metric));
    expect(byMetric(reads.map(({ metric, phase, value }) => ({ metric, phase, value })))).toEqual(byMetric(want));
  });
});

describe('createMirror', () => {
  test('names the template that was there the old version, and any other the new one', () => {
    const mirror = createMirror(plan);
    mirror.see(rollout({ phase: 'Healthy', currentPodHash: 'aaa', stableRS: 'aaa' }), false);
    while (mirror.applyNext()) {}
    expect(mirror.state.status.stableRS).toBe(STABLE);
    mirror.beginRelease();
    mirror.see(replicaSet('bbb', [1, 0, 0]), false);
    mirror.see(replicaSet('aaa', [4, 4, 4]), false);
    while (mirror.applyNext()) {}
    expect(mirror.state.replicaSets.map(({ hash, readyReplicas }) => [hash, readyReplicas])).toEqual([
      [CANARY, 0],
      [STABLE, 4],
    ]);
  });

  test('shows a spec that the controller refuses as stuck at once', () => {
    const mirror = createMirror(plan);
    const record = createRecord(mirror.state, undefined);
    mirror.beginRelease();
    record.begin(BEGAN);
    const conditions = [{ type: 'InvalidSpec', status: 'True', message: 'The Rollout "sample-api" is invalid' }];
    mirror.see(rollout({ phase: 'Degraded', conditions }), false);
    while (mirror.applyNext()) {
      record.note(BEGAN + 1, 'reconcile');
    }
    expect(record.end()).toBeLessThan(BEGAN + 60);
    expect(record.result(BEGAN + 1)).toMatchObject({ verdict: 'stuck', at: BEGAN + 1 });
  });

  test('passes over what belongs to no Rollout', () => {
    const mirror = createMirror(plan);
    mirror.see({ kind: 'Pod', metadata: { name: 'rehearsal-users' } }, false);
    expect(mirror.applyNext()).toBe(false);
  });

  test('lets go of a pod that is being ended, and of one that is gone', () => {
    const mirror = createMirror(plan);
    const pod = (name: string, metadata: JsonMap = {}): JsonMap => ({
      kind: 'Pod',
      metadata: { name, labels: labels('old'), ...metadata },
      status: { conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [{ restartCount: 2 }] },
    });
    for (const name of ['a', 'b', 'c']) {
      mirror.see(pod(name), false);
    }
    mirror.see(pod('a', { deletionTimestamp: time(0) }), false);
    mirror.see(pod('b'), true);
    while (mirror.applyNext()) {}
    expect(mirror.pods()).toEqual([{ name: 'c', hash: STABLE, isReady: true, restarts: 2 }]);
  });

  test('counts nothing of a ReplicaSet that is gone', () => {
    const mirror = createMirror(plan);
    mirror.see(replicaSet('aaa', [4, 4, 4]), false);
    mirror.see(replicaSet('aaa', [4, 4, 4]), true);
    while (mirror.applyNext()) {}
    expect(mirror.state.replicaSets[0]?.readyReplicas).toBe(0);
  });
});
