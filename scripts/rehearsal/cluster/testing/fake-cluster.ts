import { createController } from '../../../argo/controller.ts';
import { type JsonMap, numberAt, textAt } from '../../../manifest/json.ts';
import { createModelPods, type ModelPod } from '../../../model/pods.ts';
import { judge } from '../../judge.ts';
import { passUntil } from '../../loop.ts';
import type { MeasuredMetric } from '../../read-metric.ts';
import { createState } from '../../release.ts';
import type { Scenario } from '../../scenario.ts';
import { act } from '../../user-action.ts';
import type { Workload } from '../../workload.ts';
import type { World } from '../../world.ts';
import type { ClusterClock } from '../clock.ts';
import { USERS } from '../users.ts';
import type { ApiServerSettings } from './api-server.ts';
import { FakeApiServer } from './api-server.ts';
import { analysisRuns, rolloutStatus } from './published.ts';

export interface FakeClusterSettings extends ApiServerSettings {
  /** `status` of the users' pod, and of the Rollout's pods, where they do not run well. */
  readonly users?: JsonMap;
  readonly stable?: JsonMap;
}

/** A cluster for tests: the fake API server with the controllers that a rehearsal needs, whose Rollouts the engine plays. */
export interface FakeCluster {
  readonly server: FakeApiServer;
  readonly close: () => Promise<void>;
}

const STARTUP_SECONDS = 1;

export async function startFakeCluster(
  workload: Workload,
  scenario: Scenario,
  clock: ClusterClock,
  settings: FakeClusterSettings = {},
): Promise<FakeCluster> {
  const server = await FakeApiServer.start(settings);
  const closed = new AbortController();
  const playing = new Set<Promise<void>>();
  let rollout: PlayedRollout | undefined;
  server.put({ kind: 'Service', metadata: { name: 'prometheus-operated', namespace: 'monitoring' } });
  server.put({
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  });
  server.onChange((type, object) => {
    const replicas = numberAt(object, ['spec', 'replicas']) ?? 1;
    const isServer = object.kind === 'StatefulSet' || object.kind === 'Deployment';
    if (type !== 'DELETED' && isServer && numberAt(object, ['status', 'readyReplicas']) !== replicas) {
      server.put({ ...object, status: { readyReplicas: replicas } });
    }
    if (type === 'ADDED' && object.kind === 'Job') {
      putUsers(server, object, settings.users);
    }
    if (object.kind === 'Rollout' && type === 'DELETED') {
      rollout?.end();
    } else if (object.kind === 'Rollout') {
      const version = versionOf(object);
      if (type === 'ADDED') {
        rollout = playRollout(server, object, workload, scenario, clock, closed.signal, settings.stable);
        const over = rollout.over;
        playing.add(over);
        void over.finally(() => playing.delete(over));
      } else {
        rollout?.want(version);
      }
    }
  });
  server.readLog = () => rollout?.readUsers() ?? '';
  return {
    server,
    async close() {
      closed.abort();
      rollout?.end();
      await Promise.all(playing);
      await server.close();
    },
  };
}

function putUsers(server: FakeApiServer, job: JsonMap, status: JsonMap = { phase: 'Running' }): void {
  const namespace = textAt(job, ['metadata', 'namespace']) ?? '';
  const labels = { 'app.kubernetes.io/name': USERS };
  server.put({ kind: 'Pod', metadata: { name: `${USERS}-x1y2z`, namespace, labels }, status });
}

function versionOf(rollout: JsonMap): string {
  return textAt(rollout, ['spec', 'template', 'metadata', 'annotations', 'rehearse/version']) ?? '';
}

interface PlayedRollout {
  readonly want: (version: string) => void;
  readonly readUsers: () => string;
  readonly end: () => void;
  readonly over: Promise<void>;
}

function playRollout(
  server: FakeApiServer,
  first: JsonMap,
  workload: Workload,
  scenario: Scenario,
  clock: ClusterClock,
  closed: AbortSignal,
  stuckPod: JsonMap | undefined,
): PlayedRollout {
  const namespace = textAt(first, ['metadata', 'namespace']) ?? '';
  const name = workload.name;
  const stable = versionOf(first);
  const state = createState(workload.plan, stable);
  const faultsOf = (hash: string) => (hash === stable ? scenario.stable : scenario.canary);
  const pods = createModelPods(
    state.replicaSets,
    (hash) => {
      const { neverReady, crashesAtStart } = faultsOf(hash);
      return { startupSeconds: STARTUP_SECONDS, neverReady: neverReady || crashesAtStart || stuckPod !== undefined };
    },
    workload.plan.minReadySeconds,
  );
  const isBackendDown = () =>
    server.list('StatefulSet', namespace).some((one) => numberAt(one, ['spec', 'replicas']) === 0);
  /** Whether the backend was down within 60 s, the window of the gate's queries. */
  const wasBackendDown = () => clock.now() - downAt < 60;
  const isPrometheusDown = () =>
    server.list('AnalysisTemplate', namespace).some((one) => JSON.stringify(one).includes('nobody-listens-here'));
  const controller = createController(state, (metric) => {
    const { failureRatio, latencySeconds } = scenario.canary;
    const value = metric.name === 'latency' ? Number(latencySeconds < 0.5) : 1 - (wasBackendDown() ? 1 : failureRatio);
    return judge(metric as MeasuredMetric, isPrometheusDown() ? { error: 'connection refused' } : [value]);
  });
  const world: World = { state, now: clock.now, controller, pods, reconcileSeconds: 0, onPassed: countUsers };
  const counts = { succeeded: 0, lost: 0 };
  let counted = clock.now();
  let downAt = 0;
  let wake = new AbortController();
  const over = new AbortController();

  function countUsers(now: number): void {
    const ready = pods.pods.filter((pod) => pod.isReady);
    const requests = scenario.requestsPerSecond * (now - counted);
    const ratio = ready.reduce((sum, pod) => sum + (isBackendDown() ? 1 : faultsOf(pod.hash).failureRatio), 0);
    const lost = ready.length === 0 ? requests : (requests * ratio) / ready.length;
    counts.succeeded += requests - lost;
    counts.lost += lost;
    counted = now;
    downAt = isBackendDown() ? now : downAt;
  }

  const written = new Map<string, string>();
  function write(object: JsonMap): void {
    const key = `${object.kind} ${textAt(object, ['metadata', 'name'])}`;
    const text = JSON.stringify(object);
    if (written.get(key) !== text) {
      written.set(key, text);
      server.put(object);
    }
  }

  let seen: readonly ModelPod[] = [];
  function publish(): void {
    if (over.signal.aborted) {
      return;
    }
    const labelled = (hash: string) => ({ namespace, labels: { 'rollouts-pod-template-hash': hash } });
    for (const gone of seen.filter((pod) => !pods.pods.includes(pod))) {
      server.drop('Pod', namespace, `${name}-${gone.name}`);
    }
    seen = [...pods.pods];
    for (const pod of seen) {
      const conditions = [{ type: 'Ready', status: pod.isReady ? 'True' : 'False' }];
      const status = { phase: 'Running', conditions, ...stuckPod };
      write({ kind: 'Pod', metadata: { name: `${name}-${pod.name}`, ...labelled(pod.hash) }, status });
    }
    for (const { hash, specReplicas, replicas, readyReplicas, availableReplicas } of state.replicaSets) {
      const metadata = { name: `${name}-${hash}`, ...labelled(hash) };
      const status = { replicas, readyReplicas, availableReplicas };
      write({ kind: 'ReplicaSet', metadata, spec: { replicas: specReplicas }, status });
    }
    for (const run of analysisRuns(state)) {
      write({ ...run, metadata: { ...(run.metadata as JsonMap), namespace } });
    }
    const current = server.list('Rollout', namespace)[0];
    if (current !== undefined) {
      const { status: _, ...rest } = current;
      const status = rolloutStatus(state);
      if (written.get('status') !== JSON.stringify(status)) {
        written.set('status', JSON.stringify(status));
        server.put({ ...rest, status });
      }
    }
  }

  async function play(): Promise<void> {
    const isOver = () => over.signal.aborted || closed.aborted;
    const end = () => (isOver() ? 0 : Number.POSITIVE_INFINITY);
    for (const time of passUntil(world, end, { note: publish })) {
      await clock.until(Math.min(time, clock.now() + 1), AbortSignal.any([wake.signal, over.signal, closed]));
      wake = new AbortController();
    }
  }

  return {
    want(version) {
      if (version !== state.wantedHash) {
        act(state, { action: 'setImage', arg: version });
        controller.notify();
        wake.abort();
      }
    },
    readUsers() {
      countUsers(clock.now());
      return `${JSON.stringify({ succeeded: Math.round(counts.succeeded), failed: Math.round(counts.lost) })}\n`;
    },
    end: () => over.abort(),
    over: play(),
  };
}
