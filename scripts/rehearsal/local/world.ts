import { createController } from '../../argo/controller.ts';
import { createRandom } from '../../model/random.ts';
import { type Pods, withDeployment } from '../deployment.ts';
import { RehearsalError } from '../errors.ts';
import { passUntil } from '../loop.ts';
import { createOutages } from '../outages.ts';
import { progressOf } from '../progress.ts';
import { createRecord, outcomeOf } from '../record.ts';
import { applyRelease, createReader, isStableThere, standingState, versionOf } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import { checkMatching, copiedTo, reachable, splitOf } from '../split.ts';
import type { Workload } from '../workload.ts';
import type { World } from '../world.ts';
import { createClock } from './clock.ts';
import type { Machine } from './machine.ts';
import { createMonitoring } from './monitoring.ts';
import type { LocalOptions, LocalOutcome } from './options.ts';
import type { LocalPod, PodSurroundings } from './pod.ts';
import type { Mapping } from './pod-env.ts';
import { createLocalPods } from './pods.ts';
import { type PrometheusServer, startPrometheus } from './prometheus-server.ts';
import { createUsers } from './users.ts';
import { createVersions } from './versions.ts';
import { warmUpSeconds } from './warm-up.ts';
import { whyNeverReady } from './why-never-ready.ts';

/** Seconds of the rehearsal's clock within which the stable version must be ready. */
const START_PATIENCE = 60;
/** Start of the clock, seconds since the epoch. Not a whole second, because the controller truncates its timestamps. */
const START = 1_000_000.1;

/** Plays a scenario with real processes on loopback. Throws RehearsalError if the old version is not ready in time. */
export async function playLocal(
  workload: Workload,
  scenario: Scenario,
  machine: Machine,
  options: LocalOptions,
): Promise<LocalOutcome> {
  const server =
    options.prometheus === undefined ? undefined : await startPrometheus(options.prometheus, machine.processes, START);
  try {
    return await play(workload, scenario, machine, options, server);
  } finally {
    await server?.remove();
  }
}

async function play(
  workload: Workload,
  scenario: Scenario,
  machine: Machine,
  options: LocalOptions,
  server: PrometheusServer | undefined,
): Promise<LocalOutcome> {
  const { signal } = options;
  checkMatching(workload.plan, scenario.routes);
  const clock = createClock(options.speed, START);
  const state = standingState(workload.plan);
  const users = createUsers(scenario.requestsPerSecond, options.userPath, clock);
  const record = createRecord(state, users, options.onEvent);
  const outages = createOutages(scenario.outages, record.began, record.pauseBegan);
  const isUnanswered = () => outages.isDown('prometheus', clock.now());
  const monitoring = createMonitoring(workload, clock, isUnanswered, server);
  const controller = createController(state, createReader(workload, scenario, monitoring.ask));
  const stores = await machine.stores.forScenario(workload, scenario);
  const versions = createVersions(workload, scenario, options, stores);
  let mappings: readonly Mapping[] = [];
  const surroundings: PodSurroundings = {
    clock,
    async startProcess(version) {
      // Before the release any process of the old version may be reused. Later, a new pod must have counters that begin at 0.
      const left = record.began() === undefined ? machine.pods.takeLeft(version) : undefined;
      if (left === undefined) {
        // A start occupies a processor for half a second, which would slow down requests under way.
        await users.settle();
      }
      const process = left ?? (await machine.pods.start(version));
      mappings = version === versions.canary && process !== undefined ? process.mappings : mappings;
      return process;
    },
    isKeptUnready: (hash) => versionOf(hash) === 'stable' && outages.isDown('stable', clock.now()),
    onChange: clock.interrupt,
  };
  const pods = withDeployment(state, workload.deployment, (sets, minReadySeconds) =>
    createLocalPods(sets, minReadySeconds, (hash) => versions[versionOf(hash)], surroundings),
  );
  const wallSeconds = () => performance.now() / 1000;
  let [beganAtWall, lastAt, lastWall, speed] = [wallSeconds(), clock.now(), wallSeconds(), 0];

  const world: World = {
    state,
    now: clock.now,
    controller,
    pods,
    reconcileSeconds: 0,
    nextEvent: outages.nextTurn,
    onPassed() {
      monitoring.follow(pods.pods, state.traffic?.services);
      const progress = progressOf(state, record.began(), clock.now());
      options.onProgress({ ...progress, speed, pods: pods.pods, ...users.totals() });
    },
  };

  /** Waits until `time` or until a pod changes; then, with the clock stopped, updates the backend and a real Prometheus. */
  async function pass(time: number): Promise<void> {
    signal.throwIfAborted();
    await clock.passTo(time);
    signal.throwIfAborted();
    if (wallSeconds() - lastWall > 1) {
      speed = (clock.now() - lastAt) / (wallSeconds() - lastWall);
      [lastAt, lastWall] = [clock.now(), wallSeconds()];
    }
    await stores.setBackend(!outages.isDown('backend', clock.now()));
    await monitoring.prepare(clock.now());
  }
  async function passTo(end: () => number): Promise<void> {
    for (const time of passUntil(world, end, record)) {
      await pass(time);
    }
  }

  signal.addEventListener('abort', clock.interrupt);
  try {
    const patience = clock.now() + START_PATIENCE;
    const isThere = () => isStableThere(state, scenario);
    await passTo(() => (isThere() ? clock.now() : patience));
    if (!isThere()) {
      throw new RehearsalError(await whyNeverReady(workload, versions.stable, pods.pods, START_PATIENCE));
    }
    const random = createRandom(20_261_128);
    const ready = () => pods.pods.filter((pod) => pod.isReady);
    users.start(
      () => reachable(ready(), splitOf(state, scenario.routes), random),
      () => copiedTo(ready(), splitOf(state, scenario.routes), random),
    );
    const warm = clock.now() + warmUpSeconds(workload, scenario);
    await passTo(() => warm);

    record.begin(clock.now());
    users.begin(clock.now());
    beganAtWall = wallSeconds();
    applyRelease(state, workload.plan);
    controller.notify();
    await passTo(record.end);
  } finally {
    signal.removeEventListener('abort', clock.interrupt);
  }
  const end = record.result(clock.now());
  const averageSpeed = (end.until - end.began) / (wallSeconds() - beganAtWall);
  await users.stop();
  leave(pods, state.status.stableRS, machine);
  return { ...outcomeOf(end, users), mappings, speed: averageSpeed };
}

/** Leaves the processes of ready pods of the present stable version to the next scenario, and kills the others. */
function leave({ pods }: Pods<LocalPod>, stable: string, machine: Machine): void {
  for (const pod of pods) {
    const { process } = pod;
    const isLeft = pod.hash === stable && pod.isReady;
    pod.abandon();
    if (process !== undefined && isLeft) {
      machine.pods.leave(process);
    } else {
      process?.child.kill('SIGKILL');
    }
  }
}
