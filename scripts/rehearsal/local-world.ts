import { resolveSurge } from '../argo/pods.ts';
import type { RolloutPhase } from '../argo/status.ts';
import { listAt, numberAt } from '../manifest/json.ts';
import type { Expr } from '../promql/ast.ts';
import { selectors } from '../promql/walk.ts';
import { RehearsalError } from './errors.ts';
import { parseGateQueries } from './gate-queries.ts';
import type { Answer } from './judge.ts';
import { createClock } from './local/clock.ts';
import { rampSeconds, runLoad, type Visit } from './local/load.ts';
import type { LocalPod, PodSettings } from './local/pod.ts';
import { type Mapping, portNumber } from './local/pod-env.ts';
import { createLocalPods } from './local/pods.ts';
import { readProbe } from './local/probe.ts';
import { createProcesses, type Processes } from './local/processes.ts';
import { createScrapeStore } from './local/scrape.ts';
import { createSpares } from './local/spares.ts';
import { startStores } from './local/stores.ts';
import type { Outcome, Sample, TimedEvent } from './outcome.ts';
import { askedMatchers, askPrometheus, labelsOfTarget } from './prometheus.ts';
import { CANARY, createRelease, STABLE } from './release.ts';
import type { Outage, Scenario } from './scenario.ts';
import { createWatch } from './watch.ts';
import { place, type Workload } from './workload.ts';

export interface LocalOptions {
  readonly speed: number;
  /** Program and arguments of a pod's process. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly portVariable: string | undefined;
  /** What users ask for. */
  readonly userPath: string;
  /** A real store in place of the embedded one: redis://host:port. */
  readonly backend: string | undefined;
  /** Ends the rehearsal early and leaves nothing running. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: TimedEvent) => void;
  /** Again and again, while it plays. */
  readonly onStanding: (standing: Standing) => void;
}

/** What a live view shows. */
export interface Standing {
  /** Seconds since the release began; negative before. */
  readonly t: number;
  readonly phase: RolloutPhase | undefined;
  readonly message: string;
  readonly step: number;
  readonly weight: number;
  readonly pods: readonly {
    readonly name: string;
    readonly hash: string;
    readonly isReady: boolean;
    readonly restarts: number;
  }[];
  readonly sent: number;
  readonly lost: number;
}

/** A rehearsal with real processes, and how they differ from a cluster's. */
export interface LocalOutcome extends Outcome {
  readonly mappings: readonly Mapping[];
}

/** Seconds of traffic before the release, where only the new version is measured. */
const SHORT_WARM_UP = 10;
/** Seconds of the wall without a lost request before a release, and how long to wait for them. */
const STEADY_SECONDS = 0.8;
const MOST_WARM_UP_SECONDS = 15;
/** Seconds watched after the verdict, while the last pods of the loser go. */
const AFTERMATH = 8;
/** A release that has not ended by now is stuck. */
const HORIZON = 1800;
/** Milliseconds of the wall within which the stable version must be ready. */
const START_PATIENCE = 20_000;
/** Seconds between looks at the pods: a probe's turn is seen at once, this is for what no event tells. */
const LOOK = 0.5;

/** Plays a scenario with real processes, real requests and real scrapes on loopback. */
export async function playLocal(workload: Workload, scenario: Scenario, options: LocalOptions): Promise<LocalOutcome> {
  const processes = createProcesses();
  const ended = new AbortController();
  try {
    return await play(workload, scenario, options, processes, ended);
  } finally {
    // However it ends: no probe, scrape or user goes on.
    ended.abort();
    await processes.killAll();
  }
}

async function play(
  workload: Workload,
  scenario: Scenario,
  options: LocalOptions,
  processes: Processes,
  ended: AbortController,
): Promise<LocalOutcome> {
  const { speed, argv, cwd, portVariable, userPath, signal } = options;
  const { container, manifest } = workload.container;
  const { plan, scraping } = workload;
  const readiness = readProbe(container, 'readinessProbe');
  const liveness = readProbe(container, 'livenessProbe');
  const userPort = readiness?.port ?? portNumber(container, listAt(container, ['ports'])[0]) ?? 8080;
  const graceSeconds = numberAt(manifest.object, ['spec', 'template', 'spec', 'terminationGracePeriodSeconds']) ?? 30;
  const stores = await startStores(workload, scenario, options.backend, processes);
  const queries = parseGateQueries(workload);

  const versionSettings = (version: string, overrides: Readonly<Record<string, string>>) => ({
    container,
    argv,
    cwd,
    overrides,
    addressOf: stores.addressOf,
    fields: { 'metadata.namespace': workload.namespace, 'metadata.name': workload.name },
    speed,
    portVariable,
    userPort,
    warmUp: [readiness, liveness].flatMap((probe) => probe ?? []),
    version,
  });
  const stableSpares = createSpares(processes, versionSettings('stable', scenario.stableEnv));
  const canarySpares = createSpares(processes, versionSettings('canary', scenario.env));
  const sparesOf = (hash: string) => (hash === CANARY ? canarySpares : stableSpares);
  // The old version's pods and what a step may ask for at once: all started before anyone is served, so that starting slows nobody.
  await stableSpares.prepare(plan.replicas + 1);
  await canarySpares.prepare(1 + resolveSurge(plan.maxSurge, plan.maxUnavailable, plan.replicas).maxSurge);

  // Timestamps are cut to whole seconds: begin just behind one, as any cluster may.
  const clock = createClock(speed, 1_000_000.1);
  let wake = new AbortController();
  const look = () => wake.abort();
  const scrapes = createScrapeStore(clock, scraping?.intervalSeconds ?? 60, askedMatchers(queries));
  const ask = (query: string): Answer => askPrometheus(queries.get(query), scrapes, clock.now(), isOut('prometheus'));
  const release = createRelease(workload, ask);
  const { state, controller } = release;

  const stop = AbortSignal.any([signal, ended.signal]);
  const settingsFor = (hash: string): PodSettings => ({
    clock,
    over: stop,
    readiness,
    liveness,
    userPort,
    graceSeconds,
    crashesAfterRequests: (hash === CANARY ? scenario.canary : scenario.stable).crashesAfterRequests,
    respawn: async () => (processes.isOver() ? undefined : (sparesOf(hash).take() ?? sparesOf(hash).start())),
    onChange: look,
  });
  const pods = createLocalPods(state.replicaSets, plan.minReadySeconds, (hash) => sparesOf(hash).take(), settingsFor);

  const visits: Visit[] = [];
  let [sent, lost] = [0, 0];
  const endpoints = () => pods.pods.filter((pod) => pod.isReady());
  let lastLost = 0;
  const scraped = new Map<LocalPod, AbortController>();
  function scrapeNewPods(): void {
    for (const pod of pods.pods) {
      if (scraping !== undefined && !scraped.has(pod)) {
        const gone = new AbortController();
        scraped.set(pod, gone);
        const labels = labelsOfTarget(workload, pod);
        const target = {
          labels,
          port: () => pod.portFor(scraping.port),
          path: scraping.path,
          signal: AbortSignal.any([stop, gone.signal]),
        };
        // Every pod has a place of its own in the interval.
        const offset = (scraped.size * 0.37) % 1;
        scrapes.scrape(target, clock.now() + 0.5 + offset * scraping.intervalSeconds);
      }
    }
    for (const [pod, gone] of scraped) {
      if (!pods.pods.includes(pod)) {
        gone.abort();
      }
    }
  }

  let begin = Number.POSITIVE_INFINITY;
  let watch = createWatch(release, begin);
  const standing = (): Standing => ({
    t: begin === Number.POSITIVE_INFINITY ? -1 : clock.now() - begin,
    phase: state.status.phase,
    message: state.status.message,
    step: state.status.currentStepIndex ?? 0,
    weight: release.weight(),
    pods: pods.pods.map((pod) => ({
      name: pod.name,
      hash: pod.hash,
      isReady: pod.isReady(),
      restarts: pod.restarts(),
    })),
    sent,
    lost,
  });

  function isOut(what: Outage['what']): boolean {
    const now = clock.now();
    return scenario.outages.some(({ what: which, after, seconds = Number.POSITIVE_INFINITY }) => {
      const from = after === undefined ? begin : (watch.pauseBegan() ?? Number.POSITIVE_INFINITY) + after;
      return which === what && now >= from && now < from + seconds;
    });
  }

  const samples: Sample[] = [];
  function sampleSeconds(now: number): void {
    for (; begin + samples.length + 1 <= now; ) {
      const ready = (hash: string) => state.replicaSets.find((set) => set.hash === hash)?.readyReplicas ?? 0;
      samples.push({
        t: samples.length + 1,
        weight: release.weight(),
        stableReady: ready(STABLE),
        canaryReady: ready(CANARY),
        succeeded: 0,
        lost: 0,
      });
    }
  }

  /** Lets the rehearsal go on until a condition holds. */
  async function runUntil(isOver: (now: number) => boolean): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      wake = new AbortController();
      const now = clock.now();
      if (isOver(now)) {
        return;
      }
      await stores.setBackend(!isOut('backend'));
      if (pods.reconcile(now)) {
        controller.notify();
      }
      controller.settle(now, () => watch.note(now));
      // What the controller asked for is made at once.
      if (pods.reconcile(clock.now())) {
        controller.notify();
      }
      scrapeNewPods();
      sampleSeconds(now);
      options.onStanding(standing());
      const next = Math.min(now + LOOK, controller.nextWake(now) ?? now + LOOK, pods.nextWake(now) ?? now + LOOK);
      await clock.until(Math.max(next, now), AbortSignal.any([wake.signal, signal]));
    }
  }

  const started = clock.now();
  const patience = started + (START_PATIENCE / 1000) * speed;
  await runUntil((now) => {
    const isReady = state.status.phase === 'Healthy';
    if (!isReady && now > patience) {
      throw new RehearsalError(neverReady(workload, pods.pods));
    }
    return isReady;
  });
  const load = runLoad(scenario.requestsPerSecond, userPath, clock, stop, endpoints, (visit) => {
    visits.push(visit);
    lastLost = visit.isLost ? clock.now() : lastLost;
    if (visit.at >= begin) {
      sent += 1;
      lost += Number(visit.isLost);
    }
  });
  const warm = clock.now();
  const warmUp = warmUpSeconds(workload, queries, scenario);
  const ramp = rampSeconds(scenario.requestsPerSecond, clock);
  // Cold processes answer late at first: wait until they are warm, unless the old version is meant to fail.
  const isMeantToFail = Object.keys(scenario.stableEnv).length > 0;
  await runUntil((now) => {
    const isSteady = now - Math.max(warm + ramp * speed, lastLost) > STEADY_SECONDS * speed;
    return (
      now >= warm + warmUp &&
      (scenario.requestsPerSecond === 0 || isSteady || isMeantToFail || now - warm > MOST_WARM_UP_SECONDS * speed)
    );
  });

  begin = clock.now();
  watch = createWatch(release, begin, true, options.onEvent);
  watch.note(begin - 1);
  release.begin();
  await runUntil((now) => now >= (watch.decision()?.at ?? begin + HORIZON) + AFTERMATH);
  const end = clock.now();
  ended.abort();
  await load;

  const decision = watch.decision() ?? { verdict: 'stuck' as const, at: end, ...watch.standing() };
  const own = visits.filter(({ at }) => at >= begin);
  const canary = own.filter(({ hash }) => hash === CANARY);
  return {
    verdict: decision.verdict,
    message: state.status.message,
    weight: decision.weight,
    step: decision.step,
    seconds: decision.at - begin,
    secondsServed: canary.length === 0 ? undefined : decision.at - Math.min(...canary.map(({ at }) => at)),
    sent: own.length,
    lost: own.filter(({ isLost }) => isLost).length,
    canaryRequests: canary.length,
    events: watch.events,
    samples: withVisits(samples, own, begin),
    mappings: canarySpares.mappings(),
  };
}

/** Where a query counts the old version too, its window must be full of it before the release. */
function warmUpSeconds(
  { metrics }: Workload,
  queries: ReadonlyMap<string, Expr>,
  { requestsPerSecond }: Scenario,
): number {
  const isCanaryOnly = metrics.every(({ query, args }) => {
    const hash = args.find((arg) => 'hashOf' in arg && arg.hashOf === 'canary');
    return hash !== undefined && query.includes(`args.${hash.name}`);
  });
  const ranges = [...queries.values()].flatMap((query) => selectors(query).map(({ rangeSeconds = 0 }) => rangeSeconds));
  return isCanaryOnly || requestsPerSecond === 0 ? SHORT_WARM_UP : Math.max(SHORT_WARM_UP, ...ranges) + SHORT_WARM_UP;
}

function withVisits(samples: readonly Sample[], visits: readonly Visit[], begin: number): readonly Sample[] {
  const counts = samples.map(() => ({ succeeded: 0, lost: 0 }));
  for (const { at, isLost } of visits) {
    const count = counts[Math.floor(at - begin)];
    if (count !== undefined) {
      count[isLost ? 'lost' : 'succeeded'] += 1;
    }
  }
  return samples.map((sample, index) => ({ ...sample, ...counts[index] }));
}

function neverReady(workload: Workload, pods: readonly LocalPod[]): string {
  const { manifest, path } = workload.container;
  const ready = pods.filter((pod) => pod.isReady()).length;
  const last =
    pods
      .find((pod) => !pod.isReady())
      ?.output()
      .trim()
      .split('\n')
      .at(-1) ?? '';
  const said = last === '' ? '' : `; the last one wrote: ${last}`;
  return `${place(manifest, [...path, 'readinessProbe'])}: of the old version ${ready} of ${pods.length} pods got ready in ${START_PATIENCE / 1000} s${said}`;
}
