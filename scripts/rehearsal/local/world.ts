import { RehearsalError } from '../errors.ts';
import { createOutages } from '../outages.ts';
import type { Sample } from '../outcome.ts';
import { CANARY, createReader, createRelease, gatesOf, readyOf, STABLE } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import { createWatch } from '../watch.ts';
import type { Workload } from '../workload.ts';
import { createClock } from './clock.ts';
import { createMonitoring } from './monitoring.ts';
import type { LocalOptions, LocalOutcome, Standing } from './options.ts';
import { createLocalPods } from './pods.ts';
import { createProcesses, type Processes } from './processes.ts';
import { type PrometheusServer, startPrometheus } from './prometheus-server.ts';
import { startStores } from './stores.ts';
import { createUsers } from './users.ts';
import { createVersions } from './versions.ts';
import { warmUpSeconds } from './warm-up.ts';
import { whyNeverReady } from './why-never-ready.ts';

/** Seconds watched after the verdict, while the last pods of the loser go. */
const AFTERMATH = 8;
/** A release that has not ended by now is stuck. */
const HORIZON = 1800;
/** Milliseconds of the wall within which the stable version must be ready. */
const START_PATIENCE = 20_000;
/** Seconds between looks at the pods: a probe's turn is seen at once, this is for what no event tells. */
const LOOK = 0.5;
/** Seconds since the epoch. Timestamps are cut to whole seconds: begin just behind one, as any cluster may. */
const START = 1_000_000.1;

/** The machine is too busy for a clock as fast as this. */
export class BusyMachineError extends Error {
  override readonly name = 'BusyMachineError';
}

/** Plays a scenario with real processes, real requests and real scrapes on loopback. */
export async function playLocal(workload: Workload, scenario: Scenario, options: LocalOptions): Promise<LocalOutcome> {
  const processes = createProcesses();
  const ended = new AbortController();
  let server: PrometheusServer | undefined;
  try {
    server = options.prometheus === undefined ? undefined : await startPrometheus(options.prometheus, processes, START);
    return await play(workload, scenario, options, processes, ended, server);
  } finally {
    // However it ends: no probe, scrape or user goes on.
    ended.abort();
    await processes.killAll();
    await server?.remove();
  }
}

async function play(
  workload: Workload,
  scenario: Scenario,
  options: LocalOptions,
  processes: Processes,
  ended: AbortController,
  server: PrometheusServer | undefined,
): Promise<LocalOutcome> {
  const { speed, signal } = options;
  const stores = await startStores(workload, scenario, options.backend, processes);
  const versions = createVersions(workload, scenario, options, stores, processes);
  await versions.prepare();

  const clock = createClock(speed, START);
  const stop = AbortSignal.any([signal, ended.signal]);
  let begin: number | undefined;
  let wake = new AbortController();
  const outages = createOutages(
    scenario.outages,
    () => begin,
    () => watch.pauseBegan(),
  );
  const isUnanswered = () => outages.isDown('prometheus', clock.now());
  const monitoring = createMonitoring(workload, clock, stop, isUnanswered, server);
  const release = createRelease(workload, createReader(gatesOf(workload), monitoring.ask));
  const { state, controller } = release;
  let watch = createWatch(release, Number.POSITIVE_INFINITY);
  const around = { clock, over: stop, onChange: () => wake.abort() };
  const pods = createLocalPods(state.replicaSets, workload.plan.minReadySeconds, versions.takeSpare, (hash) =>
    versions.settingsFor(hash, around),
  );
  const users = createUsers(scenario.requestsPerSecond, options.userPath, clock, (now) =>
    outages.isDown('backend', now),
  );

  const standing = (): Standing => ({
    t: begin === undefined ? -1 : clock.now() - begin,
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
    ...users.counts(),
  });

  const samples: Sample[] = [];
  function sampleSeconds(now: number): void {
    for (; begin !== undefined && begin + samples.length + 1 <= now; ) {
      samples.push({
        t: samples.length + 1,
        weight: release.weight(),
        stableReady: readyOf(state, STABLE),
        canaryReady: readyOf(state, CANARY),
        succeeded: 0,
        lost: 0,
      });
    }
  }

  /** Lets the rehearsal go on until a condition holds. */
  async function runUntil(isOver: (now: number) => boolean): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (options.endsWhenBusy && users.isMachineBusy()) {
        throw new BusyMachineError('the old version answered late');
      }
      wake = new AbortController();
      const now = clock.now();
      if (isOver(now)) {
        return;
      }
      await stores.setBackend(!outages.isDown('backend', now));
      if (pods.reconcile(now)) {
        controller.notify();
      }
      if ((controller.nextWake(now) ?? Number.POSITIVE_INFINITY) <= now) {
        await monitoring.prepare(now);
      }
      controller.settle(now, () => watch.note(now));
      // What the controller asked for is made at once.
      if (pods.reconcile(clock.now())) {
        controller.notify();
      }
      monitoring.follow(pods.pods);
      sampleSeconds(now);
      options.onStanding(standing());
      const next = Math.min(now + LOOK, controller.nextWake(now) ?? now + LOOK, pods.nextWake(now) ?? now + LOOK);
      await clock.until(Math.max(next, now), AbortSignal.any([wake.signal, signal]));
    }
  }

  const patience = clock.now() + (START_PATIENCE / 1000) * speed;
  const isHealthy = () => state.status.phase === 'Healthy';
  await runUntil((now) => isHealthy() || now > patience);
  if (!isHealthy()) {
    throw new RehearsalError(await whyNeverReady(workload, pods.pods, START_PATIENCE / 1000));
  }
  const load = users.run(stop, () => pods.pods.filter((pod) => pod.isReady()));
  const warm = clock.now() + warmUpSeconds(workload, scenario);
  // Cold processes answer late at first: wait until they are warm, unless the old version is meant to fail.
  const isMeantToFail = Object.keys(scenario.stableEnv).length > 0;
  await runUntil((now) => now >= warm && (isMeantToFail || users.isSteady(now)));

  const began = clock.now();
  begin = began;
  users.begin(began);
  watch = createWatch(release, began, true, options.onEvent);
  watch.note(began - 1);
  release.begin();
  await runUntil((now) => now >= (watch.decision()?.at ?? began + HORIZON) + AFTERMATH);
  const end = clock.now();
  // What is answered from here on is answered by pods that are being ended.
  const isStrained = users.isMachineBusy();
  ended.abort();
  await load;

  const { verdict, at, weight, step } = watch.decision() ?? { verdict: 'stuck', at: end, ...watch.standing() };
  const { sent, lost, canary } = users.counts();
  const firstCanary = users.firstCanary();
  return {
    verdict,
    message: state.status.message,
    weight,
    step,
    seconds: at - began,
    secondsServed: firstCanary === undefined ? undefined : at - firstCanary,
    sent,
    lost,
    canaryRequests: canary,
    events: watch.events,
    samples: users.fill(samples),
    mappings: versions.mappings(),
    isStrained,
  };
}
