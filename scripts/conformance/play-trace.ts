import { type Controller, createController, MOST_RECONCILES } from '../argo/controller.ts';
import { createRecorder } from '../argo/events.ts';
import type { Metric } from '../argo/metric.ts';
import type { ReplicaSet } from '../argo/replica-set.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import { NO_STATUS } from '../argo/status.ts';
import type { Json } from '../manifest/json.ts';
import { createModelPods, type ModelPods } from '../model/pods.ts';
import { readDryRun } from '../rehearsal/dry-run.ts';
import { type Answer, judge } from '../rehearsal/judge.ts';
import { readMetric } from '../rehearsal/read-metric.ts';
import { readPlan } from '../rehearsal/read-plan.ts';
import { act } from '../rehearsal/user-action.ts';
import type { Trace, TraceEvent, TraceScenario } from './trace.ts';

/** The recordings' clock starts this far into a second. */
const CLOCK = 1_000_000.1;
/** Seconds until pods follow a ReplicaSet. */
const POD_REACTION = 0.01;
/** Seconds that a reconcile takes, and the wait for the next: pods may follow between two of them. */
const RECONCILE = 0.0035;

/** The roles that the recordings name ReplicaSets by, from images to hashes and back. */
const ROLES: Readonly<Record<string, string>> = { 'app:1': 'stable', 'app:2': 'canary', 'app:3': 'canary2' };

/** Plays an update in virtual time and answers what happened, in seconds after it began. */
export function playTrace(scenario: TraceScenario): Trace {
  const values = scenario.values ?? [];
  const dryRun = readDryRun((scenario.dryRun ?? []).map(({ metricName }) => metricName));
  const metrics = (scenario.metrics ?? []).map((metric, index) =>
    readMetric(metric, ['spec', 'metrics', index], [], dryRun.isDryRun),
  );
  const spec = { metrics, ...dryRun.problemFor(metrics) };
  const rollout = { metadata: { name: 'app' }, spec: scenario.spec };
  const state: RolloutState = {
    plan: readPlan(rollout, () => spec),
    generation: 1,
    wantedHash: 'stable',
    status: NO_STATUS,
    replicaSets: [],
    runs: [],
  };
  let now = CLOCK;
  const answer = (metric: Metric): Answer => {
    const gate = metrics.find(({ name }) => name === metric.name);
    const at = values.findLast(({ t, query }) => t <= now - CLOCK && (query === undefined || query === gate?.query));
    if (at?.error !== undefined) {
      return { error: at.error };
    }
    return at?.scalar ?? at?.vector ?? [];
  };
  const controller = createController(state, (metric) => {
    const gate = metrics.find(({ name }) => name === metric.name);
    return gate === undefined ? { phase: 'Error' } : judge(gate, answer(metric));
  });
  const pods = createModelPods(
    state.replicaSets,
    (hash) => scenario.pods[hash] ?? { startupSeconds: 0 },
    state.plan.minReadySeconds,
  );
  const record = createRecorder(state);
  const events: TraceEvent[] = [];
  const note = () => {
    for (const event of record()) {
      events.push(named({ ...event, t: Math.round((now - CLOCK) * 1000) / 1000 }));
    }
  };

  /** When pods follow what their ReplicaSet asks for. */
  const following = new Map<ReplicaSet, number>();

  function passTo(time: number): void {
    now = Math.max(now, time);
    note();
    if (now >= nextOfPods()) {
      if (pods.reconcile(now, (set) => (following.get(set) ?? now) <= now)) {
        controller.notify();
      }
      note();
    }
    for (const set of state.replicaSets) {
      if (!pods.isBehind(set)) {
        following.delete(set);
      } else if (!following.has(set)) {
        following.set(set, now + POD_REACTION);
      }
    }
  }

  const nextOfPods = () => Math.min(...following.values(), pods.nextWake() ?? Number.POSITIVE_INFINITY);

  function settle(): void {
    for (let [round, isAtRest] = [0, false]; !isAtRest; round += 1) {
      if (round > MOST_RECONCILES) {
        throw new Error(`the controller does not come to rest at ${now}`);
      }
      isAtRest = true;
      for (const reconcile of [controller.reconcileRollout, controller.reconcileRuns]) {
        if (reconcile(now)) {
          isAtRest = false;
          passTo(now + RECONCILE);
        }
      }
    }
  }

  /** Lets time pass until everything due by then has happened. */
  function runUntil(end: number): void {
    for (;;) {
      settle();
      if (now >= end) {
        return;
      }
      passTo(Math.min(nextOfPods(), controller.nextWake(now) ?? end, end));
    }
  }

  if (scenario.firstDeployment !== true) {
    deployBefore(controller, pods);
    record();
    act(state, { action: 'setImage', arg: 'canary' });
    controller.notify();
  }
  for (const { t, ...action } of scenario.actions ?? []) {
    runUntil(CLOCK + t);
    const before = written(state);
    act(
      state,
      action.action === 'setImage' ? { ...action, arg: ROLES[String(action.arg)] ?? String(action.arg) } : action,
    );
    // Only what is written into the Rollout wakes it: not what it says already, and no other object that is gone.
    if (action.action !== 'deleteTemplate' && written(state) !== before) {
      controller.notify();
    }
    // What a person wrote is there to see until the controller takes it back: an abort during a full promotion.
    note();
  }
  runUntil(CLOCK + scenario.horizon);
  return { events, final: finalOf(state) };
}

/** What a person's writes show in: every edit of the spec counts a generation. */
const written = ({ generation, status }: RolloutState) => JSON.stringify([generation, status]);

/** An earlier version, Healthy long before. */
function deployBefore(controller: Controller, pods: ModelPods): void {
  let now = CLOCK - 100_000;
  controller.settle(now);
  for (const wait of [POD_REACTION, 10_000, 10_000]) {
    now += wait;
    pods.reconcile(now);
    controller.notify();
    controller.settle(now);
  }
}

const name = (text: string) => text.replace(/app-(stable|canary2?)\b/g, '<$1>');

/** Names in texts as the recordings have them: <canary>-2. */
function named(event: TraceEvent): TraceEvent {
  const entries = Object.entries(event).map(([key, value]) => [
    key,
    typeof value === 'string' && (key === 'run' || key === 'message') ? name(value) : value,
  ]);
  return Object.fromEntries(entries) as TraceEvent;
}

function finalOf({ status, replicaSets }: RolloutState): Json {
  return {
    abort: status.isAborted,
    message: name(status.message),
    phase: status.phase ?? '',
    replicaSets: Object.fromEntries(
      replicaSets.map(({ hash, specReplicas, availableReplicas }) => [hash, [specReplicas, availableReplicas]]),
    ),
    stable: status.stableRS,
    stepIndex: status.currentStepIndex ?? 0,
  };
}
