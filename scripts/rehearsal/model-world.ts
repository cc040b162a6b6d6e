import { createModelPods, type ModelPod, type PodBehaviour } from '../model/pods.ts';
import { createScrapes, type ScrapedPod } from '../model/scrapes.ts';
import { type Shape, ShapeError, shapesOf } from '../model/shapes.ts';
import { type Answers, type Chance, createPodTraffic, EXACT, type PodTraffic } from '../model/traffic.ts';
import type { Expr } from '../promql/ast.ts';
import type { Matcher } from '../promql/matcher.ts';
import { RehearsalError } from './errors.ts';
import { parseGateQueries } from './gate-queries.ts';
import type { Answer } from './judge.ts';
import type { Outcome, Sample } from './outcome.ts';
import { askedMatchers, askPrometheus, labelsOfTarget } from './prometheus.ts';
import { CANARY, createRelease, STABLE } from './release.ts';
import type { Means, Outage, Scenario } from './scenario.ts';
import { createWatch } from './watch.ts';
import type { Workload } from './workload.ts';

/** The model of a workload, made once and played often. */
export interface Model {
  readonly workload: Workload;
  readonly queries: ReadonlyMap<string, Expr>;
  readonly shapes: readonly Shape[];
  /** Of every selector in the queries. */
  readonly asked: readonly (readonly Matcher[])[];
  readonly scrapeInterval: number;
}

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

/** Throws RehearsalError for a gate whose queries the model cannot answer. */
export function createModel(workload: Workload): Model {
  const queries = parseGateQueries(workload);
  try {
    const shapes = shapesOf([...queries.values()], workload.scraping?.added ?? new Set());
    return {
      workload,
      queries,
      shapes,
      asked: askedMatchers(queries),
      scrapeInterval: workload.scraping?.intervalSeconds ?? 60,
    };
  } catch (error) {
    if (!(error instanceof ShapeError)) {
      throw error;
    }
    throw new RehearsalError(`the model has no pods that expose ${error.message}`, { cause: error });
  }
}

interface SimulatedPod {
  readonly pod: ModelPod;
  readonly traffic: PodTraffic;
  readonly scraped: ScrapedPod;
}

/** Plays a scenario in virtual time. */
export function playModel(model: Model, scenario: Scenario, options: Partial<ModelOptions> = {}): Outcome {
  const { chance, jitter, isRecorded, deadlineSeconds, warmUpSeconds } = { ...PLAIN, ...options };
  const { workload, queries, shapes, asked, scrapeInterval } = model;
  const scrapes = createScrapes(shapes, scrapeInterval, asked);
  const begin = 1_000_000.1;
  let now = begin - warmUpSeconds;

  const isOut = ({ after, seconds = Number.POSITIVE_INFINITY }: Outage): boolean => {
    if (after === undefined) {
      return true;
    }
    const from = (watch.pauseBegan() ?? Number.POSITIVE_INFINITY) + after;
    return now >= from && now < from + seconds;
  };
  const isDown = (what: Outage['what']) => scenario.outages.some((outage) => outage.what === what && isOut(outage));

  const ask = (query: string): Answer => askPrometheus(queries.get(query), scrapes, now, isDown('prometheus'));
  const release = createRelease(workload, ask);
  const { state, controller } = release;
  const watch = createWatch(release, begin, isRecorded);
  const meansOf = (hash: string): Means => (hash === CANARY ? scenario.canary : scenario.stable);
  const pods = createModelPods(
    state.replicaSets,
    (hash) => behaviourOf(meansOf(hash), podRate),
    workload.plan.minReadySeconds,
  );
  const live = new Map<string, SimulatedPod>();
  let podRate = scenario.requestsPerSecond / Math.max(1, workload.plan.replicas);
  let firstCanary: number | undefined;
  /** Requests that met no ready pod at all. */
  let refusedRate = 0;
  let [refused, refusedSince] = [0, now];
  const gone: SimulatedPod[] = [];

  const answers = new Map<string, Answers>();
  /** How a version answers now. */
  function answersOf(hash: string): Answers {
    const isBackendDown = isDown('backend');
    const key = `${hash} ${isBackendDown}`;
    const { latencySeconds, hangRatio, failureRatio } = meansOf(hash);
    const known = answers.get(key) ?? {
      failureRatio: isBackendDown ? 1 : failureRatio,
      latencySeconds,
      hangRatio,
      deadlineSeconds,
    };
    answers.set(key, known);
    return known;
  }

  /** Spreads the users over the pods that are ready, as a Service does. */
  function spread(): void {
    const ready = pods.pods.filter(({ isReady }) => isReady);
    podRate = ready.length === 0 ? 0 : scenario.requestsPerSecond / ready.length;
    refused += refusedRate * (now - refusedSince);
    refusedSince = now;
    refusedRate = ready.length === 0 ? scenario.requestsPerSecond : 0;
    const seen = new Set<string>();
    for (const pod of pods.pods) {
      seen.add(pod.name);
      const known = live.get(pod.name) ?? meet(pod);
      const rate = pod.isReady ? podRate : 0;
      if (rate > 0 && pod.hash === CANARY) {
        firstCanary ??= now;
      }
      known.traffic.set(now, rate, answersOf(pod.hash));
    }
    for (const [name, known] of live) {
      if (!seen.has(name)) {
        known.traffic.set(now, 0, answersOf(known.pod.hash));
        known.scraped.endsAt = now;
        live.delete(name);
        gone.push(known);
      }
    }
  }

  function meet(pod: ModelPod): SimulatedPod {
    const traffic = createPodTraffic(chance);
    const targetLabels = labelsOfTarget(workload, pod);
    // Scraped from its start on, wherever the interval falls; never, where nothing looks.
    const first = pod.createdAt + 0.5 + jitter() * scrapeInterval;
    const scraped: ScrapedPod = { traffic, targetLabels, firstScrape: first, endsAt: Number.POSITIVE_INFINITY };
    const known = { pod, traffic, scraped };
    live.set(pod.name, known);
    if (workload.scraping !== undefined) {
      scrapes.add(scraped);
    }
    return known;
  }

  const samples: Sample[] = [];

  function nextOutage(): number {
    const turns = scenario.outages.flatMap(({ after, seconds = Number.POSITIVE_INFINITY }) => {
      const from = (watch.pauseBegan() ?? Number.POSITIVE_INFINITY) + (after ?? 0);
      return [from, from + seconds];
    });
    return Math.min(...turns.filter((turn) => turn > now));
  }

  function runUntil(end: number): void {
    for (;;) {
      controller.settle(now, () => watch.note(now));
      const wanted = pods.isBehind() ? now + POD_REACTION : Number.POSITIVE_INFINITY;
      const nextSample =
        isRecorded && now >= begin ? Math.floor(now - begin + 1 + 1e-6) + begin : Number.POSITIVE_INFINITY;
      const wakes = [wanted, pods.nextWake() ?? end, controller.nextWake(now) ?? end, nextOutage(), nextSample, end];
      now = Math.max(now, Math.min(...wakes));
      const isChanged = pods.reconcile(now);
      if (isChanged) {
        controller.notify();
      }
      if (isChanged || scenario.outages.length > 0) {
        spread();
      }
      if (now === nextSample) {
        sample();
      }
      if (now >= end || now >= (watch.decision()?.at ?? end) + AFTERMATH) {
        return;
      }
    }
  }

  let before = { succeeded: 0, lost: 0 };
  function totals(): { readonly succeeded: number; readonly lost: number; readonly canary: number } {
    let [succeeded, lost, canary] = [0, 0, 0];
    scrapes.advance(now);
    for (const { traffic, pod } of [...live.values(), ...gone]) {
      const counts = traffic.countsAt(now);
      succeeded += counts.succeeded;
      lost += counts.failed;
      canary += pod.hash === CANARY ? counts.succeeded + counts.failed : 0;
    }
    return { succeeded, lost: lost + Math.floor(refused + refusedRate * (now - refusedSince)), canary };
  }
  function sample(): void {
    const { succeeded, lost } = totals();
    const readyOf = (wanted: string) => state.replicaSets.find(({ hash }) => hash === wanted)?.readyReplicas ?? 0;
    samples.push({
      t: Math.round(now - begin),
      weight: release.weight(),
      stableReady: readyOf(STABLE),
      canaryReady: readyOf(CANARY),
      succeeded: succeeded - before.succeeded,
      lost: lost - before.lost,
    });
    before = { succeeded, lost };
  }

  runUntil(begin);
  const atBegin = totals();
  before = atBegin;
  release.begin();
  runUntil(begin + HORIZON);
  const { succeeded, lost, canary } = totals();
  const { verdict, at, weight, step } = watch.decision() ?? { verdict: 'stuck', at: now, ...watch.standing() };
  return {
    verdict,
    message: state.status.message,
    weight,
    step,
    seconds: at - begin,
    secondsServed: firstCanary === undefined || scenario.requestsPerSecond === 0 ? undefined : at - firstCanary,
    sent: succeeded + lost - atBegin.succeeded - atBegin.lost,
    lost: lost - atBegin.lost,
    canaryRequests: canary,
    events: watch.events,
    samples,
  };
}

function behaviourOf(means: Means, podRate: number): PodBehaviour {
  if (means.neverReady || means.crashesAtStart) {
    return { startupSeconds: 0, neverReady: true };
  }
  if (means.crashesAfterRequests !== undefined && podRate > 0) {
    return { startupSeconds: STARTUP_SECONDS, crashAfter: means.crashesAfterRequests / podRate };
  }
  return { startupSeconds: STARTUP_SECONDS };
}
