import { type JsonMap, numberAt, textAt } from '../../manifest/json.ts';
import { RehearsalError } from '../errors.ts';
import type { LocalOptions, LocalOutcome } from '../local/options.ts';
import { warmUpSeconds } from '../local/warm-up.ts';
import { passUntil } from '../loop.ts';
import { createOutages } from '../outages.ts';
import { progressOf } from '../progress.ts';
import { createRecord, outcomeOf } from '../record.ts';
import { isStableThere } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import type { World } from '../world.ts';
import type { ClusterClient } from './client.ts';
import type { ClusterClock } from './clock.ts';
import { createMirror } from './mirror.ts';
import { makeNamespace, removeNamespace } from './namespace.ts';
import { clusterObjects } from './objects.ts';
import { setPresent, sharedStore } from './stores.ts';
import { imageTrouble, whyNotReady } from './trouble.ts';
import { createLoggedUsers } from './user-log.ts';
import { userObjects } from './users.ts';

/** Options of the cluster world; the picked ones mean what they mean in the local world. */
export interface ClusterOptions extends Pick<LocalOptions, 'userPath' | 'signal' | 'onEvent' | 'onProgress'> {
  /** Whether to leave the namespace as it is at the end. */
  readonly isKept: boolean;
  /** An image with Node for the users; undefined for the workload's own. */
  readonly usersImage: string | undefined;
  /** Called with what happens before and after the release: 'waits for the users'. */
  readonly onWait: (what: string) => void;
  readonly clock: ClusterClock;
}

/** How a release on a cluster ended, and how the applied objects differ from the manifests. */
export type ClusterOutcome = Omit<LocalOutcome, 'speed'>;

/** Seconds between two reads of the users' log, and the longest wait for a change in the cluster. */
const LOOK = 1;
/** Seconds that each store, the old version and the users may take to get ready, pulls of images included. */
const READY_SECONDS = 300;

/** The kinds that are watched: `apiVersion` and `kind`. */
export const WATCHED = [
  ['argoproj.io/v1alpha1', 'Rollout'],
  ['argoproj.io/v1alpha1', 'AnalysisRun'],
  ['apps/v1', 'ReplicaSet'],
  ['v1', 'Pod'],
] as const;

/**
 * Plays a scenario on a real cluster, whose own controller decides. Makes the workload's namespace and, unless `isKept`, removes
 * it, also after an error. Throws RehearsalError where a request to the cluster fails or something is not ready in time.
 */
export async function playCluster(
  cluster: ClusterClient,
  workload: Workload,
  scenario: Scenario,
  options: ClusterOptions,
): Promise<ClusterOutcome> {
  const { namespace } = workload;
  await makeNamespace(cluster, namespace, options.signal);
  const ended = new AbortController();
  try {
    return await play(cluster, workload, scenario, options, ended.signal);
  } finally {
    ended.abort();
    if (!options.isKept) {
      options.onWait(`removes namespace '${namespace}'`);
      await removeNamespace(cluster, namespace, options.signal);
    }
  }
}

async function play(
  cluster: ClusterClient,
  workload: Workload,
  scenario: Scenario,
  { userPath, usersImage, signal, onEvent, onProgress, onWait, clock }: ClusterOptions,
  ended: AbortSignal,
): Promise<ClusterOutcome> {
  const { namespace, plan } = workload;
  const objects = clusterObjects(workload, scenario);
  const store = sharedStore(workload, scenario);
  const mirror = createMirror(plan);
  const { state } = mirror;
  const users = createLoggedUsers(cluster, namespace, state);
  const record = createRecord(state, users, onEvent);
  const outages = createOutages(scenario.outages, record.began, record.pauseBegan);
  let wake = new AbortController();
  let failure: RehearsalError | undefined;
  let [isAsking, isStorePresent, looked] = [false, true, 0];

  const world: World = {
    state,
    now: clock.now,
    // The cluster's controller decides; a reconcile here copies the next change that it wrote.
    controller: { notify: () => undefined, reconcile: mirror.applyNext, nextWake: () => undefined },
    pods: { reconcile: () => false, nextWake: () => undefined },
    reconcileSeconds: 0,
    onPassed(now) {
      const progress = progressOf(state, record.began(), now);
      onProgress({ ...progress, pods: mirror.pods(), ...users.totals() });
    },
  };

  async function pass(time: number): Promise<void> {
    await clock.until(Math.min(time, clock.now() + LOOK), AbortSignal.any([wake.signal, signal]));
    signal.throwIfAborted();
    wake = new AbortController();
    if (failure !== undefined) {
      throw failure;
    }
    const now = clock.now();
    const isUp = !outages.isDown('backend', now);
    if (store !== undefined && isUp !== isStorePresent) {
      isStorePresent = isUp;
      await setPresent(cluster, store, isUp);
    }
    if (isAsking && now - looked >= LOOK) {
      looked = now;
      await users.look(now);
    }
  }
  async function passTo(end: () => number): Promise<void> {
    for (const time of passUntil(world, end, record)) {
      await pass(time);
    }
  }

  /** Waits until `isThere` holds. Throws RehearsalError after `READY_SECONDS`, and at once for an image that cannot be pulled. */
  async function waitFor(what: string, isThere: () => boolean | Promise<boolean>): Promise<void> {
    onWait(`waits for ${what}`);
    for (const deadline = clock.now() + READY_SECONDS; !(await isThere()); ) {
      if (clock.now() > deadline) {
        throw new RehearsalError(`waited ${READY_SECONDS} s for ${what}: ${await whyNotReady(cluster, namespace)}`);
      }
      const next = clock.now() + LOOK;
      await passTo(() => next);
    }
  }

  /** Whether all pods of a StatefulSet or Deployment are ready: stores must run before the release begins. */
  async function isServing(object: JsonMap): Promise<boolean> {
    const ready = numberAt(await cluster.read(object), ['status', 'readyReplicas']) ?? 0;
    return ready >= (numberAt(object, ['spec', 'replicas']) ?? 1);
  }

  for (const [apiVersion, kind] of WATCHED) {
    const watcher = {
      onObject(object: JsonMap, isDeleted: boolean) {
        const trouble = kind === 'Pod' && record.began() === undefined ? imageTrouble(object) : undefined;
        failure ??= trouble === undefined ? undefined : new RehearsalError(trouble);
        mirror.see(object, isDeleted);
        wake.abort();
      },
      onLost(error: RehearsalError) {
        failure = error;
        wake.abort();
      },
    };
    await cluster.watch(apiVersion, kind, namespace, watcher, ended);
  }
  for (const object of objects.others) {
    await cluster.apply(object);
  }
  for (const object of objects.others.filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment')) {
    await waitFor(`${object.kind} '${textAt(object, ['metadata', 'name'])}'`, () => isServing(object));
  }
  await cluster.apply(objects.stable);
  await waitFor('the old version', () => isStableThere(state, scenario));
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
