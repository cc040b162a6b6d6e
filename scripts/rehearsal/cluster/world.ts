import { type JsonMap, numberAt, textAt } from '../../manifest/json.ts';
import { RehearsalError } from '../errors.ts';
import { warmUpSeconds } from '../local/warm-up.ts';
import { passUntil, playInTime } from '../loop.ts';
import { createOutages } from '../outages.ts';
import { createRecord, outcomeOf, weightOf } from '../record.ts';
import { readyOf, STABLE } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import type { World } from '../world.ts';
import type { ClusterClient } from './client.ts';
import { createMirror } from './mirror.ts';
import { type Home, makeHome } from './namespace.ts';
import { clusterObjects } from './objects.ts';
import type { ClusterOptions, ClusterOutcome } from './options.ts';
import { sharedStore } from './stores.ts';
import { imageTrouble, whyNotReady } from './trouble.ts';
import { createLoggedUsers } from './user-log.ts';
import { userObjects } from './users.ts';

/** Seconds between looks at the users' log, where no change of the release comes before. */
const LOOK = 1;
/** Seconds within which the stores, then the old version, must be ready: images are pulled first. */
const PATIENCE = 300;

const WATCHED = [
  ['argoproj.io/v1alpha1', 'Rollout'],
  ['argoproj.io/v1alpha1', 'AnalysisRun'],
  ['apps/v1', 'ReplicaSet'],
  ['v1', 'Pod'],
] as const;

/**
 * Plays a scenario in the workload's namespace, made for it on a real cluster, whose controller decides; removes the namespace whatever happens.
 * Throws RehearsalError where the cluster does not do its part.
 */
export async function playCluster(
  cluster: ClusterClient,
  workload: Workload,
  scenario: Scenario,
  options: ClusterOptions,
): Promise<ClusterOutcome> {
  const home = await makeHome(cluster, workload.namespace, options.signal);
  const ended = new AbortController();
  try {
    return await play(cluster, home, workload, scenario, options, ended);
  } finally {
    ended.abort();
    if (!options.isKept) {
      options.onWait(`removes namespace '${home.name}'`);
      await home.remove(options.signal);
    }
  }
}

async function play(
  cluster: ClusterClient,
  { name: namespace }: Home,
  workload: Workload,
  scenario: Scenario,
  { userPath, usersImage, signal, onEvent, onProgress, onWait, clock }: ClusterOptions,
  ended: AbortController,
): Promise<ClusterOutcome> {
  const objects = clusterObjects(workload, scenario);
  const store = sharedStore(cluster, workload, scenario);
  const mirror = createMirror(workload.plan);
  const { state } = mirror;
  const users = createLoggedUsers(cluster, namespace, state);
  const record = createRecord(state, { users, onEvent });
  const outages = createOutages(scenario.outages, record.began, record.pauseBegan);
  let wake = new AbortController();
  let lost: RehearsalError | undefined;
  let isAsking = false;
  let looked = 0;

  const world: World = {
    state,
    now: clock.now,
    // The cluster's own controller decides: what it wrote is taken over change by change.
    controller: { notify: () => undefined, reconcile: mirror.applyNext, nextWake: () => undefined },
    pods: { reconcile: () => false, nextWake: () => undefined },
    reconcileSeconds: 0,
    onPassed(now) {
      const { status } = state;
      onProgress({
        t: now - (record.began() ?? now + 1),
        phase: status.phase,
        message: status.message,
        step: status.currentStepIndex ?? 0,
        weight: weightOf(state),
        pods: mirror.pods(),
        ...users.totals(now),
      });
    },
  };

  async function pass(time: number): Promise<void> {
    await clock.until(Math.min(time, clock.now() + LOOK), AbortSignal.any([wake.signal, signal]));
    signal.throwIfAborted();
    wake = new AbortController();
    if (lost !== undefined) {
      throw lost;
    }
    const now = clock.now();
    await store.setPresent(!outages.isDown('backend', now));
    if (isAsking && now - looked >= LOOK) {
      looked = now;
      await users.look(now);
    }
  }
  const passTo = (end: () => number) => playInTime(passUntil(world, end, record), pass);

  /** Waits for what must come by itself; a pod whose image cannot be had ends it at once. */
  async function waitFor(what: string, isThere: () => boolean): Promise<void> {
    onWait(`waits for ${what}`);
    const patience = clock.now() + PATIENCE;
    await passTo(() => (isThere() ? 0 : patience));
    if (!isThere()) {
      throw await notReady(what);
    }
  }

  async function notReady(what: string): Promise<RehearsalError> {
    return new RehearsalError(`waited ${PATIENCE} s for ${what}: ${await whyNotReady(cluster, namespace)}`);
  }

  /** Waits for a StatefulSet or Deployment: the release finds its stores there, as it would in a cluster that is in use. */
  async function untilServing(object: JsonMap): Promise<void> {
    const name = textAt(object, ['metadata', 'name']) ?? '';
    const reference = {
      apiVersion: textAt(object, ['apiVersion']) ?? '',
      kind: textAt(object, ['kind']) ?? '',
      name,
      namespace,
    };
    const wanted = numberAt(object, ['spec', 'replicas']) ?? 1;
    onWait(`waits for ${reference.kind} '${name}'`);
    for (const patience = clock.now() + PATIENCE; ; ) {
      const found = await cluster.read(reference);
      if ((numberAt(found, ['status', 'readyReplicas']) ?? 0) >= wanted) {
        return;
      }
      if (clock.now() > patience) {
        throw await notReady(`${reference.kind} '${name}'`);
      }
      await pass(clock.now() + LOOK);
    }
  }

  async function watchRelease(): Promise<void> {
    for (const [apiVersion, kind] of WATCHED) {
      await cluster.watch(
        {
          apiVersion,
          kind,
          namespace,
          onObject(object, isDeleted) {
            const trouble = kind === 'Pod' && record.began() === undefined ? imageTrouble(object) : undefined;
            lost ??= trouble === undefined ? undefined : new RehearsalError(trouble);
            // Lists do not say the kind of what is in them.
            mirror.see({ ...object, kind }, isDeleted);
            wake.abort();
          },
          onLost(error) {
            lost = error;
            wake.abort();
          },
        },
        ended.signal,
      );
    }
  }

  await watchRelease();
  for (const object of objects.surroundings) {
    await cluster.apply(object);
  }
  for (const object of objects.surroundings.filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment')) {
    await untilServing(object);
  }
  await cluster.apply(objects.stable);
  const { replicas } = workload.plan;
  await waitFor('the old version', () =>
    scenario.stable.neverReady
      ? state.status.stableRS === STABLE && state.replicaSets.some((set) => set.replicas === replicas)
      : state.status.phase === 'Healthy' && readyOf(state, STABLE) === replicas,
  );
  for (const object of userObjects(workload, scenario, userPath, usersImage)) {
    await cluster.apply(object);
    isAsking = true;
  }
  if (isAsking) {
    await waitFor('the users', users.hasBegun);
  }
  const warm = clock.now() + warmUpSeconds(workload, scenario);
  await passTo(() => warm);

  mirror.beginRelease();
  record.begin(clock.now());
  users.begin(clock.now());
  await cluster.apply(objects.canary);
  await passTo(record.end);
  return { ...outcomeOf(record.result(clock.now()), users), mappings: objects.mappings };
}
