import type { Metric } from '../../argo/metric.ts';
import { createModelPods, type ModelPod, type PodBehaviour } from '../../model/pods.ts';
import { createOutages } from '../outages.ts';
import type { TimedEvent } from '../outcome.ts';
import { CANARY, createRelease, type Reading, readyOf, STABLE } from '../release.ts';
import type { Means, Scenario } from '../scenario.ts';
import { createWatch, type Decision } from '../watch.ts';
import type { Workload } from '../workload.ts';

/** A simulated pod as users and Prometheus meet it: the same object while it is there. */
export interface MetPod {
  /** 0-based, in the order of creation. */
  readonly index: number;
  readonly name: string;
  readonly hash: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
}

/** Which pods there are from a moment on, and which of them users reach. */
export interface Spread {
  readonly at: number;
  readonly pods: readonly MetPod[];
  /** By position in `pods`. */
  readonly isReady: readonly boolean[];
  readonly ready: number;
  readonly gone: readonly MetPod[];
  readonly isBackendDown: boolean;
}

/** One read of the gate, about to be taken. */
export interface Read {
  readonly at: number;
  readonly metric: Metric;
  readonly isPrometheusDown: boolean;
}

/** Where a release stands at a whole second of it. */
export interface Second {
  readonly weight: number;
  readonly stableReady: number;
  readonly canaryReady: number;
}

/** What a release meets: its users and what Prometheus makes of them. Everything left to chance is in here. */
export interface Company {
  readonly meet: (spread: Spread) => void;
  /** The new version is wanted from now on. */
  readonly begin: (now: number) => void;
  readonly read: (read: Read) => Reading;
  /** Asked to hear of every second; undefined where nobody wants to know. */
  readonly second: ((now: number, standing: Second) => void) | undefined;
}

/** How a release ended. */
export interface Ending extends Decision {
  /** `status.message`. */
  readonly message: string;
  /** Seconds since the epoch until which it was watched. */
  readonly until: number;
  readonly events: readonly TimedEvent[];
}

/** Seconds from a pod's creation until its readiness probe has seen it: a start of about half a second, then a probe. */
const STARTUP_SECONDS = 1;
/** Seconds watched after the verdict, while the last pods of the loser go. */
const AFTERMATH = 8;
/** A release that has not ended by now is stuck. */
const HORIZON = 3600;
const POD_REACTION = 0.01;
/** Seconds since the epoch. Timestamps are cut to whole seconds: begin just behind one, as any cluster may. */
export const BEGIN = 1_000_000.1;

/** Plays controller and pods in virtual time. What they do follows from what the reads answer, and from nothing else of `company`. */
export function playCourse(workload: Workload, scenario: Scenario, warmUpSeconds: number, company: Company): Ending {
  const { plan } = workload;
  let now = BEGIN - warmUpSeconds;
  const outages = createOutages(
    scenario.outages,
    () => BEGIN,
    () => watch.pauseBegan(),
  );
  const release = createRelease(workload, (metric) =>
    company.read({ at: now, metric, isPrometheusDown: outages.isDown('prometheus', now) }),
  );
  const { state, controller } = release;
  const watch = createWatch(release, BEGIN, company.second !== undefined);
  const { requestsPerSecond } = scenario;
  let podRate = requestsPerSecond / Math.max(1, plan.replicas);
  const behaviourOf = (hash: string) => podBehaviour(hash === CANARY ? scenario.canary : scenario.stable, podRate);
  const pods = createModelPods(state.replicaSets, behaviourOf, plan.minReadySeconds);
  const spread = createSpreader();
  let seconds = 0;

  function runUntil(end: number): void {
    const isSampled = company.second !== undefined && end > BEGIN;
    for (;;) {
      controller.settle(now, () => watch.note(now));
      const last = Math.min(end, (watch.decision()?.at ?? end) + AFTERMATH);
      const next = Math.min(
        pods.isBehind() ? now + POD_REACTION : Number.POSITIVE_INFINITY,
        pods.nextWake() ?? last,
        controller.nextWake(now) ?? last,
        outages.nextTurn(now),
        isSampled ? BEGIN + seconds + 1 : last,
        last,
      );
      now = Math.max(now, next);
      const isChanged = pods.reconcile(now);
      if (isChanged) {
        controller.notify();
      }
      if (isChanged || scenario.outages.length > 0) {
        const met = spread(pods.pods, now, outages.isDown('backend', now));
        podRate = met.ready === 0 ? 0 : requestsPerSecond / met.ready;
        company.meet(met);
      }
      if (isSampled && now >= BEGIN + seconds + 1) {
        seconds += 1;
        company.second?.(now, {
          weight: release.weight(),
          stableReady: readyOf(state, STABLE),
          canaryReady: readyOf(state, CANARY),
        });
      }
      if (now >= last) {
        return;
      }
    }
  }

  runUntil(BEGIN);
  company.begin(now);
  release.begin();
  runUntil(BEGIN + HORIZON);
  const decision = watch.decision() ?? { verdict: 'stuck' as const, at: now, ...watch.standing() };
  return { ...decision, message: state.status.message, until: now, events: watch.events };
}

function createSpreader(): (pods: readonly ModelPod[], at: number, isBackendDown: boolean) => Spread {
  const known = new Map<ModelPod, MetPod>();
  let created = 0;
  return (pods, at, isBackendDown) => {
    const met = pods.map((pod) => {
      const { name, hash, createdAt } = pod;
      const found = known.get(pod) ?? { index: created, name, hash, createdAt };
      created = Math.max(created, found.index + 1);
      known.set(pod, found);
      return found;
    });
    const gone: MetPod[] = [];
    for (const [pod, one] of known) {
      if (known.size > pods.length && !pods.includes(pod)) {
        gone.push(one);
        known.delete(pod);
      }
    }
    const isReady = pods.map((pod) => pod.isReady);
    return { at, pods: met, isReady, ready: isReady.filter(Boolean).length, gone, isBackendDown };
  };
}

function podBehaviour(means: Means, podRate: number): PodBehaviour {
  if (means.neverReady || means.crashesAtStart) {
    return { startupSeconds: 0, neverReady: true };
  }
  if (means.crashesAfterRequests !== undefined && podRate > 0) {
    return { startupSeconds: STARTUP_SECONDS, crashAfter: means.crashesAfterRequests / podRate };
  }
  return { startupSeconds: STARTUP_SECONDS };
}
