import { createController } from '../argo/controller.ts';
import { createRecorder } from '../argo/events.ts';
import type { Plan } from '../argo/plan.ts';
import type { ReplicaSet } from '../argo/replica-set.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import type { JsonMap } from '../manifest/json.ts';
import { createModelPods, type ModelPods, POD_REACTION } from '../model/pods.ts';
import { judge } from '../rehearsal/judge.ts';
import { passUntil } from '../rehearsal/loop.ts';
import { readMetric } from '../rehearsal/read-metric.ts';
import { readPlan } from '../rehearsal/read-plan.ts';
import { createState } from '../rehearsal/release.ts';
import { act } from '../rehearsal/user-action.ts';
import type { World, WorldPods } from '../rehearsal/world.ts';
import { checkMetrics, matchesRule } from '../validation/run.ts';
import { numberOf } from './compare.ts';
import type { Trace, TraceEvent, TraceScenario } from './trace.ts';

/** Where the virtual clock starts, in seconds: a tenth after a whole second, as in the recordings. */
const CLOCK = 1_000_000.1;
/** Seconds from one reconcile to the next; pods may change between the two. */
const RECONCILE = 0.0035;

/** The hash that each image gets: the recordings name ReplicaSets by these roles. */
const ROLES: Readonly<Record<string, string>> = { 'app:1': 'stable', 'app:2': 'canary', 'app:3': 'canary2' };

/** The AnalysisRun's metrics, and what the controller refuses in them. */
function readSpec({ metrics = [], dryRun = [] }: TraceScenario) {
  const rules = dryRun.map(({ metricName }) => metricName);
  const problem = checkMetrics(metrics, rules);
  const measured = metrics.map((metric, index) =>
    readMetric({
      scheduled: metric,
      measured: metric,
      path: ['spec', 'metrics', index],
      place: '',
      isDryRun: rules.some((rule) => matchesRule(rule, metric)),
      prometheusAddress: 'http://recorded',
    }),
  );
  return problem === undefined ? { metrics: measured } : { metrics: measured, problem };
}

/** Plays an update in virtual time and returns its events, in seconds after it began. */
export function playTrace(scenario: TraceScenario): Trace {
  const values = scenario.values ?? [];
  const spec = readSpec(scenario);
  const { metrics } = spec;
  const plan = readPlan({ metadata: { name: 'app' }, spec: scenario.spec }, () => spec);
  const state = createState(withRouter(plan, scenario), 'stable');
  if (scenario.deployment !== undefined) {
    state.workloadReplicas = scenario.deployment;
  }
  // The earlier version was deployed long before the update.
  let now = scenario.firstDeployment === true ? CLOCK : CLOCK - 100_000;
  const controller = createController(state, ({ name }) => {
    const metric = metrics.find((one) => one.name === name);
    if (metric === undefined) {
      return { phase: 'Error' };
    }
    const found = values.findLast(({ t, query = metric.query }) => t <= now - CLOCK && query === metric.query);
    const { error, scalar, vector = [] } = found ?? {};
    return judge(
      metric,
      error === undefined ? (scalar === undefined ? vector.map(numberOf) : numberOf(scalar)) : { error },
    );
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
  const world: World = {
    state,
    now: () => now,
    controller,
    pods: laggingPods(pods, state.replicaSets),
    reconcileSeconds: RECONCILE,
  };
  function runUntil(end: number): void {
    for (const time of passUntil(world, () => end, { note })) {
      now = Math.max(now, time);
    }
  }

  if (scenario.firstDeployment !== true) {
    runUntil(CLOCK);
    events.length = 0;
    act(state, { action: 'setImage', arg: 'canary' });
    controller.notify();
  }
  for (const { t, ...action } of scenario.actions ?? []) {
    runUntil(CLOCK + t);
    const before = written(state);
    const image = String(action.arg);
    act(state, action.action === 'setImage' ? { ...action, arg: ROLES[image] ?? image } : action);
    // Only a change of the Rollout wakes the controller: not a write without a change, nor a deleted template.
    if (action.action !== 'deleteTemplate' && written(state) !== before) {
      controller.notify();
    }
    // Record what a person wrote before the controller can undo it, such as an abort during a full promotion.
    note();
  }
  runUntil(CLOCK + scenario.horizon);
  return { events, final: finalOf(state) };
}

/** The plan with the scenario's traffic router. */
function withRouter(plan: Plan, { router = {} }: TraceScenario): Plan {
  const { verifySeconds, delaysHash = false } = router;
  return plan.routing === undefined
    ? plan
    : { ...plan, routing: { ...plan.routing, verifySeconds, waitsForPods: delaysHash } };
}

/** A text that changes when a person's write changes anything: each edit of the spec increments the generation. */
const written = ({ generation, status }: RolloutState) => JSON.stringify([generation, status]);

/** Pods that follow a change of their ReplicaSet `POD_REACTION` seconds later, independent of other ReplicaSets. */
function laggingPods(pods: ModelPods, replicaSets: readonly ReplicaSet[]): WorldPods {
  /** For each ReplicaSet with too many or too few pods: when these are deleted or created. */
  const following = new Map<ReplicaSet, number>();
  const nextWake = () => Math.min(...following.values(), pods.nextTurn() ?? Number.POSITIVE_INFINITY);
  return {
    nextWake,
    reconcile(now) {
      const isChanged = now >= nextWake() && pods.reconcile(now, (set) => (following.get(set) ?? now) <= now);
      for (const set of replicaSets) {
        if (!pods.isBehind(set)) {
          following.delete(set);
        } else if (!following.has(set)) {
          following.set(set, now + POD_REACTION);
        }
      }
      return isChanged;
    },
  };
}

const name = (text: string) => text.replace(/app-(stable|canary2?)\b/g, '<$1>');

/** The event with names written as in the recordings: `<canary>-2`. */
function named(event: TraceEvent): TraceEvent {
  const entries = Object.entries(event).map(([key, value]) => [
    key,
    typeof value === 'string' && (key === 'run' || key === 'message') ? name(value) : value,
  ]);
  return Object.fromEntries(entries) as TraceEvent;
}

function finalOf({ plan, status, replicaSets }: RolloutState): JsonMap {
  const { weights } = status;
  return {
    ...(weights === undefined ? {} : { weights: [weights.canary, weights.stable] }),
    abort: status.isAborted,
    message: name(status.message),
    phase: status.phase ?? '',
    replicaSets: Object.fromEntries(
      replicaSets.map(({ hash, specReplicas, availableReplicas }) => [hash, [specReplicas, availableReplicas]]),
    ),
    stable: status.stableRS,
    stepIndex: plan.steps.length === 0 ? null : (status.currentStepIndex ?? 0),
  };
}
