import { randomBytes } from 'node:crypto';
import { textAt } from '../manifest/json.ts';
import { ClusterClient } from '../rehearsal/cluster/client.ts';
import { createClusterClock } from '../rehearsal/cluster/clock.ts';
import { loadKubeConfig, productionNames } from '../rehearsal/cluster/context.ts';
import { clusterObjects } from '../rehearsal/cluster/objects.ts';
import { findMissing, type Needs } from '../rehearsal/cluster/preflight.ts';
import { unlessStatus } from '../rehearsal/cluster/request-error.ts';
import { playCluster } from '../rehearsal/cluster/world.ts';
import { orRehearsalError, RehearsalError } from '../rehearsal/errors.ts';
import { isNotPlayed, type NotPlayed, playedOf, type Result } from '../rehearsal/result.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import type { View } from '../render/live-view.ts';
import { CommandError, type Io } from './command.ts';
import type { LoadedFolder } from './load-workload.ts';
import { readJobs } from './read-jobs.ts';
import { type Job, playJob, predict } from './rehearse-job.ts';
import type { RehearseOptions } from './rehearse-options.ts';

/** Plays scenarios on a real cluster, one after the other in one namespace; checks first that it has what they need. */
export async function rehearseOnCluster(
  scenarios: readonly Scenario[],
  folder: LoadedFolder,
  options: RehearseOptions,
  view: View,
  io: Io,
): Promise<readonly (Result | NotPlayed)[]> {
  const cluster = new ClusterClient(loadKubeConfig(options.context));
  const { context, server } = cluster;
  const namespace = options.namespace ?? `rehearsal-${randomBytes(2).toString('hex')}`;
  io.err.write(
    `cluster: context '${context}', server ${server}, ${await cluster.version()}; namespace '${namespace}'\n`,
  );
  if (!options.yes) {
    await refuseProduction(cluster);
  }
  const jobs = readJobs(scenarios, folder, options, namespace).map((job): Needs | NotPlayed => {
    if (isNotPlayed(job)) {
      return job;
    }
    const objects = orRehearsalError(() => clusterObjects(job.workload, job.scenario));
    if (!(objects instanceof RehearsalError)) {
      return { ...job, objects };
    }
    if (!options.all) {
      throw objects;
    }
    return { scenario: job.scenario, world: 'cluster', notPlayed: objects.message, advice: [], isMissed: false };
  });
  const missing = new Set<string>();
  jobs.filter(isNotPlayed).forEach(view.leaveOut);
  for (const needs of playedOf(jobs)) {
    for (const line of await findMissing(cluster, needs)) {
      missing.add(line);
    }
  }
  if (missing.size > 0) {
    throw new CommandError([...missing].join('\nerror: '));
  }
  const results: (Result | NotPlayed)[] = [];
  for (const job of jobs) {
    results.push(isNotPlayed(job) ? job : await playOne(cluster, job, options, view, io));
  }
  if (options.keep) {
    io.err.write(`kept: kubectl --context ${context} delete namespace ${namespace}\n`);
  }
  return results;
}

/** Rejects with CommandError where the name of the context, or of a namespace, looks like production. */
async function refuseProduction(cluster: ClusterClient): Promise<void> {
  // A context that may not list namespaces is judged by its own name alone.
  const namespaces = (await cluster.list('v1', 'Namespace').catch(unlessStatus(403))) ?? [];
  const names = [cluster.context, ...namespaces.flatMap((one) => textAt(one, ['metadata', 'name']) ?? [])];
  const found = productionNames(names);
  if (found.length > 0) {
    throw new CommandError(
      `'${found.join("', '")}' looks like production: --yes plays on ${cluster.server} all the same, --context names another cluster`,
    );
  }
}

function playOne(
  cluster: ClusterClient,
  job: Job,
  { userPath, assumptions, keep: isKept, 'users-image': usersImage }: RehearseOptions,
  view: View,
  { signal = new AbortController().signal }: Io,
): Promise<Result | NotPlayed> {
  const { scenario, workload } = job;
  const options = { userPath, usersImage, isKept, signal, clock: createClusterClock() };
  return playJob(job, 'cluster', predict(job, assumptions)?.outcome, view, (followed) =>
    playCluster(cluster, workload, scenario, { ...options, ...followed }).catch((error: unknown) => {
      if (signal.aborted) {
        const isLeft = isKept ? 'is kept' : 'is being removed by the cluster';
        throw new CommandError(`interrupted; namespace '${workload.namespace}' ${isLeft}`, { cause: error });
      }
      throw error;
    }),
  );
}
