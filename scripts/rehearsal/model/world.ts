import { createModelPods, type PodBehaviour } from '../../model/pods.ts';
import { createScrapes } from '../../model/scrapes.ts';
import { type Chance, EXACT } from '../../model/traffic.ts';
import { createOutages } from '../outages.ts';
import type { Outcome, Sample } from '../outcome.ts';
import { askPrometheus } from '../prometheus.ts';
import { CANARY, createRelease, readyOf, STABLE } from '../release.ts';
import type { Means, Scenario } from '../scenario.ts';
import { createWatch } from '../watch.ts';
import type { Model } from './model.ts';
import { createModelUsers } from './users.ts';

export interface ModelOptions {
  readonly chance: Chance;
  /** 0–1: where between two scrapes a pod's first one falls; asked once a pod. */
  readonly jitter: () => number;
  /** Whether to keep events and samples for a report. */
  readonly isRecorded: boolean;
  /** Seconds until an app's own deadline ends a request. */
  readonly deadlineSeconds: number;
  /** Seconds of traffic before the release. */
  readonly warmUpSeconds: number;
}

const PLAIN: ModelOptions = {
  chance: EXACT,
  jitter: () => 0.5,
  isRecorded: true,
  deadlineSeconds: 10,
  // The window of a rate is full.
  warmUpSeconds: 90,
};

/** Seconds from a pod's creation until its readiness probe has seen it: a start of about half a second, then a probe. */
const STARTUP_SECONDS = 1;
/** Seconds watched after the verdict, while the last pods of the loser go. */
const AFTERMATH = 8;
/** A release that has not ended by now is stuck. */
const HORIZON = 3600;
const POD_REACTION = 0.01;
/** Seconds since the epoch. Timestamps are cut to whole seconds: begin just behind one, as any cluster may. */
const BEGIN = 1_000_000.1;

/** Plays a scenario in virtual time. */
export function playModel(model: Model, scenario: Scenario, options: Partial<ModelOptions> = {}): Outcome {
  const { isRecorded, warmUpSeconds, ...world } = { ...PLAIN, ...options };
  const { workload, queries } = model;
  const { plan } = workload;
  let now = BEGIN - warmUpSeconds;

  const outages = createOutages(
    scenario.outages,
    () => BEGIN,
    () => watch.pauseBegan(),
  );
  const scrapes = createScrapes(model.scrapeInterval);
  const release = createRelease(workload, (query) =>
    askPrometheus(queries.get(query), scrapes, now, outages.isDown('prometheus', now)),
  );
  const { state, controller } = release;
  const watch = createWatch(release, BEGIN, isRecorded);
  const users = createModelUsers(model, scenario, scrapes, {
    ...world,
    isBackendDown: () => outages.isDown('backend', now),
  });
  const behaviourOf = (hash: string) =>
    podBehaviour(hash === CANARY ? scenario.canary : scenario.stable, users.podRate());
  const pods = createModelPods(state.replicaSets, behaviourOf, plan.minReadySeconds);

  const samples: Sample[] = [];
  let before = { succeeded: 0, lost: 0 };
  function sample(): void {
    const { succeeded, lost } = users.totals(now);
    samples.push({
      t: Math.round(now - BEGIN),
      weight: release.weight(),
      stableReady: readyOf(state, STABLE),
      canaryReady: readyOf(state, CANARY),
      succeeded: succeeded - before.succeeded,
      lost: lost - before.lost,
    });
    before = { succeeded, lost };
  }

  function runUntil(end: number): void {
    const isSampled = isRecorded && end > BEGIN;
    for (;;) {
      controller.settle(now, () => watch.note(now));
      const last = Math.min(end, (watch.decision()?.at ?? end) + AFTERMATH);
      const next = Math.min(
        pods.isBehind() ? now + POD_REACTION : Number.POSITIVE_INFINITY,
        pods.nextWake() ?? last,
        controller.nextWake(now) ?? last,
        outages.nextTurn(now),
        isSampled ? BEGIN + samples.length + 1 : last,
        last,
      );
      now = Math.max(now, next);
      const isChanged = pods.reconcile(now);
      if (isChanged) {
        controller.notify();
      }
      if (isChanged || scenario.outages.length > 0) {
        users.spread(pods.pods, now);
      }
      if (isSampled && now >= BEGIN + samples.length + 1) {
        sample();
      }
      if (now >= last) {
        return;
      }
    }
  }

  runUntil(BEGIN);
  const atBegin = users.totals(now);
  before = atBegin;
  release.begin();
  runUntil(BEGIN + HORIZON);
  const { succeeded, lost, canary } = users.totals(now);
  const { verdict, at, weight, step } = watch.decision() ?? { verdict: 'stuck', at: now, ...watch.standing() };
  const firstCanary = users.firstCanary();
  return {
    verdict,
    message: state.status.message,
    weight,
    step,
    seconds: at - BEGIN,
    secondsServed: firstCanary === undefined ? undefined : at - firstCanary,
    sent: succeeded + lost - atBegin.succeeded - atBegin.lost,
    lost: lost - atBegin.lost,
    canaryRequests: canary,
    events: watch.events,
    samples,
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
