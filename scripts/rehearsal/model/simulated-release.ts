import { createController } from '../../argo/controller.ts';
import type { Metric } from '../../argo/metric.ts';
import type { RolloutState } from '../../argo/rollout-state.ts';
import { createModelPods, type ModelPod, type PodBehaviour } from '../../model/pods.ts';
import { withDeployment } from '../deployment.ts';
import { passUntil } from '../loop.ts';
import { createOutages } from '../outages.ts';
import { nextPromotion } from '../person.ts';
import { createRecord, type ReleaseEnd } from '../record.ts';
import { applyRelease, CANARY, type Reading, standingState, versionOf } from '../release.ts';
import type { PodFaults, Scenario } from '../scenario.ts';
import { type Split, splitOf } from '../split.ts';
import { act } from '../user-action.ts';
import type { Users, World } from '../world.ts';
import type { Model } from './model.ts';
import { requestRates } from './request-rates.ts';

/** A simulated pod, without its state; its name is unique over a release. */
export type PodIdentity = Pick<ModelPod, 'name' | 'hash' | 'createdAt'>;

/** The pods that exist from `at` (seconds since the epoch) on, and which of them requests reach. */
export interface Endpoints {
  readonly at: number;
  readonly pods: readonly PodIdentity[];
  /** By position in `pods`. */
  readonly isReady: readonly boolean[];
  readonly ready: number;
  readonly gone: readonly PodIdentity[];
  /** Where a traffic router sends requests; undefined without one. */
  readonly split: Split | undefined;
  /** By name of a Service that the controller manages: the template hash that it selects. */
  readonly services: ReadonlyMap<string, string>;
  readonly isBackendDown: boolean;
}

/** A read of the gate that is due. */
export interface Read {
  readonly at: number;
  readonly metric: Metric;
  readonly isPrometheusDown: boolean;
}

/** Users of a simulated release, and the gate's reads of them. All randomness is in here: controller and pods have none. */
export interface Traffic {
  readonly setEndpoints: (endpoints: Endpoints) => void;
  /** The release begins: the new version is wanted from now on. */
  readonly begin: (now: number) => void;
  readonly read: (read: Read) => Reading;
}

/** Seconds from a pod's creation until it is ready: about half a second to start, then the first readiness probe. */
const STARTUP_SECONDS = 1;
/** When a release begins, in seconds since the epoch. Not a whole second, since Kubernetes cuts timestamps to whole seconds. */
export const BEGIN = 1_000_000.1;

/**
 * Plays controller and pods in virtual time; keeps events and samples only if `recorded` users are given. Of `traffic`, nothing
 * but the results of its reads changes what controller and pods do.
 */
export function playSimulated(
  { workload, assumptions }: Pick<Model, 'workload' | 'assumptions'>,
  scenario: Scenario,
  warmUpSeconds: number,
  traffic: Traffic,
  recorded?: Pick<Users, 'totals'>,
): ReleaseEnd {
  const { plan } = workload;
  const { requestsPerSecond } = scenario;
  let now = BEGIN - warmUpSeconds;
  const state = standingState(plan);
  const record = createRecord(state, recorded);
  const outages = createOutages(scenario.outages, () => BEGIN, record.pauseBegan);
  const controller = createController(state, (metric) =>
    traffic.read({ at: now, metric, isPrometheusDown: outages.isDown('prometheus', now) }),
  );
  let [podRate, weights] = [requestsPerSecond / Math.max(1, plan.replicas), state.status.weights];
  let pointed = '';
  const behaviourOf = (hash: string) =>
    versionOf(hash) === 'canary'
      ? podBehaviour(scenario.canary, podRate)
      : { ...podBehaviour(scenario.stable, podRate), notReadyUntil: outages.endOf('stable', now) };
  const pods = withDeployment(state, workload.deployment, (sets, minReadySeconds) =>
    createModelPods(sets, behaviourOf, minReadySeconds),
  );
  let known: readonly ModelPod[] = [];
  const nextPromote = () => nextPromotion(state, assumptions.promoteAfterSeconds);
  function setEndpoints(): void {
    weights = state.status.weights;
    pointed = pointedAt(state);
    const present = [...pods.pods];
    const isReady = present.map((pod) => pod.isReady);
    const endpoints = {
      at: now,
      pods: present,
      isReady,
      ready: isReady.filter(Boolean).length,
      gone: [...new Set(known).difference(new Set(present))],
      split: splitOf(state, scenario.routes),
      services: new Map(state.traffic?.services),
      isBackendDown: outages.isDown('backend', now),
    };
    known = present;
    podRate = requestRates(endpoints, requestsPerSecond).rateOf(CANARY);
    traffic.setEndpoints(endpoints);
  }
  const world: World = {
    state,
    now: () => now,
    controller: {
      ...controller,
      reconcile(time) {
        const isDone = controller.reconcile(time);
        if (state.status.weights !== weights || pointedAt(state) !== pointed) {
          setEndpoints();
        }
        return isDone;
      },
    },
    pods,
    reconcileSeconds: 0,
    nextEvent: (time) => Math.min(outages.nextTurn(time), nextPromote()),
    onPassed(_, havePodsChanged) {
      if (nextPromote() <= now) {
        act(state, { action: 'promote' });
        controller.notify();
      }
      if (havePodsChanged || scenario.outages.length > 0) {
        setEndpoints();
      }
    },
  };

  function passTo(end: () => number): void {
    for (const time of passUntil(world, end, record)) {
      now = Math.max(now, time);
    }
  }
  passTo(() => BEGIN);
  record.begin(now);
  traffic.begin(now);
  applyRelease(state, plan);
  controller.notify();
  passTo(record.end);
  return record.result(now);
}

/** The hashes that the managed Services select and the names of the routes, as one text to compare; empty without Services. */
function pointedAt({ plan, traffic }: RolloutState): string {
  return plan.services === undefined || traffic === undefined
    ? ''
    : [...traffic.services.values(), ...traffic.routes.keys()].join();
}

function podBehaviour(faults: PodFaults, podRate: number): PodBehaviour {
  if (faults.neverReady || faults.crashesAtStart) {
    return { startupSeconds: 0, neverReady: true };
  }
  if (faults.crashesAfterRequests !== undefined && podRate > 0) {
    return { startupSeconds: STARTUP_SECONDS, crashAfter: faults.crashesAfterRequests / podRate };
  }
  return { startupSeconds: STARTUP_SECONDS };
}
