import { createController } from '../../argo/controller.ts';
import { createRandom } from '../../model/random.ts';
import { RehearsalError } from '../errors.ts';
import { passUntil, playInTime } from '../loop.ts';
import { createOutages } from '../outages.ts';
import { createRecord, outcomeOf, weightOf } from '../record.ts';
import { applyRelease, createReader, createState } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import { reachable, splitOf } from '../split.ts';
import type { Workload } from '../workload.ts';
import type { World } from '../world.ts';
import { createClock } from './clock.ts';
import { createMonitoring } from './monitoring.ts';
import type { LocalOptions, LocalOutcome, Progress } from './options.ts';
import { createLocalPods } from './pods.ts';
import { createProcesses, type Processes } from './processes.ts';
import { type PrometheusServer, startPrometheus } from './prometheus-server.ts';
import { startStores } from './stores.ts';
import { createUsers } from './users.ts';
import { createVersions } from './versions.ts';
import { warmUpSeconds } from './warm-up.ts';
import { whyNeverReady } from './why-never-ready.ts';

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
  let wake = new AbortController();
  const state = createState({ ...workload.plan, invalid: undefined });
  const users = createUsers(scenario.requestsPerSecond, options.userPath, clock, (now) =>
    outages.isDown('backend', now),
  );
  const record = createRecord(state, { users, onEvent: options.onEvent });
  const outages = createOutages(scenario.outages, record.began, record.pauseBegan);
  const isUnanswered = () => outages.isDown('prometheus', clock.now());
  const monitoring = createMonitoring(workload, clock, stop, isUnanswered, server);
  const controller = createController(state, createReader(workload, monitoring.ask));
  const around = { clock, over: stop, onChange: () => wake.abort() };
  const pods = createLocalPods(state.replicaSets, workload.plan.minReadySeconds, versions.takeSpare, (hash) =>
    versions.settingsFor(hash, around),
  );
  const progress = (): Progress => ({
    t: clock.now() - (record.began() ?? clock.now() + 1),
    phase: state.status.phase,
    message: state.status.message,
    step: state.status.currentStepIndex ?? 0,
    weight: weightOf(state),
    pods: pods.pods.map((pod) => ({
      name: pod.name,
      hash: pod.hash,
      isReady: pod.isReady(),
      restarts: pod.restarts(),
    })),
    ...users.totals(),
  });
  const world: World = {
    state,
    now: clock.now,
    controller,
    pods,
    reconcileSeconds: 0,
    onPassed() {
      monitoring.follow(pods.pods);
      options.onProgress(progress());
    },
  };

  /** Waits for a time, for a change of a pod, or half a second, and then for whoever takes time to follow. */
  async function pass(time: number): Promise<void> {
    await clock.until(Math.min(time, clock.now() + LOOK), AbortSignal.any([wake.signal, signal]));
    signal.throwIfAborted();
    wake = new AbortController();
    if (options.endsWhenBusy && users.isMachineBusy()) {
      throw new BusyMachineError('the old version answered late');
    }
    await stores.setBackend(!outages.isDown('backend', clock.now()));
    await monitoring.prepare(clock.now());
  }
  const passTo = (end: () => number) => playInTime(passUntil(world, end, record), pass);

  const patience = clock.now() + (START_PATIENCE / 1000) * speed;
  const isHealthy = () => state.status.phase === 'Healthy';
  await passTo(() => (isHealthy() ? clock.now() : patience));
  if (!isHealthy()) {
    throw new RehearsalError(await whyNeverReady(workload, pods.pods, START_PATIENCE / 1000));
  }
  const random = createRandom(20_261_128);
  const ready = () => pods.pods.filter((pod) => pod.isReady());
  const load = users.run(stop, () => reachable(ready(), splitOf(state), random));
  const warm = clock.now() + warmUpSeconds(workload, scenario);
  // Cold processes answer late at first: wait until they are warm, unless the old version is meant to fail.
  const isMeantToFail = Object.keys(scenario.stableEnv).length > 0;
  await passTo(() => (isMeantToFail || users.isSteady(clock.now()) ? warm : Math.max(warm, clock.now() + LOOK)));

  record.begin(clock.now());
  users.begin(clock.now());
  applyRelease(state, workload.plan);
  controller.notify();
  await passTo(record.end);
  const end = record.result(clock.now());
  // What is answered from here on is answered by pods that are being ended.
  const isStrained = users.isMachineBusy();
  ended.abort();
  await load;
  return { ...outcomeOf(end, users), mappings: versions.mappings(), isStrained };
}
