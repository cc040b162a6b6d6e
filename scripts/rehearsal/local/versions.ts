import { resolveSurge } from '../../argo/pods.ts';
import { listAt, numberAt } from '../../manifest/json.ts';
import { CANARY } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import type { Clock } from './clock.ts';
import type { LocalOptions } from './options.ts';
import type { PodSettings, Spare } from './pod.ts';
import { type Mapping, portNumber } from './pod-env.ts';
import { readProbe } from './probe.ts';
import type { Processes } from './processes.ts';
import { createSpares } from './spares.ts';
import type { Stores } from './stores.ts';

/** The old and the new version: their processes, and how their pods are run. */
export interface Versions {
  /** Starts what the release needs at once, so that no start slows those who are served. */
  readonly prepare: () => Promise<void>;
  readonly takeSpare: (hash: string) => Spare | undefined;
  readonly settingsFor: (hash: string, around: Around) => PodSettings;
  /** How the new version's environment differs from a cluster's. */
  readonly mappings: () => readonly Mapping[];
}

/** What a pod needs of the world it is in. */
export interface Around {
  readonly clock: Clock;
  readonly over: AbortSignal;
  readonly onChange: () => void;
}

/** Of Kubernetes. */
const DEFAULT_GRACE_SECONDS = 30;
const DEFAULT_PORT = 8080;
/** The first back-offs are shorter, on a fast clock, than a process takes to start: so many restarts find theirs ready. */
const READY_RESTARTS = 4;

export function createVersions(
  { container: { container, manifest }, plan, namespace, name }: Workload,
  scenario: Scenario,
  { speed, argv, cwd, portVariable }: LocalOptions,
  stores: Stores,
  processes: Processes,
): Versions {
  const readiness = readProbe(container, 'readinessProbe');
  const liveness = readProbe(container, 'livenessProbe');
  const userPort = readiness?.port ?? portNumber(container, listAt(container, ['ports'])[0]) ?? DEFAULT_PORT;
  const pod = ['spec', 'template', 'spec'];
  const graceSeconds = numberAt(manifest.object, [...pod, 'terminationGracePeriodSeconds']) ?? DEFAULT_GRACE_SECONDS;
  const sparesFor = (version: string, overrides: Readonly<Record<string, string>>) =>
    createSpares(processes, {
      container,
      argv,
      cwd,
      overrides,
      addressOf: stores.addressOf,
      fields: { 'metadata.namespace': namespace, 'metadata.name': name },
      speed,
      portVariable,
      userPort,
      warmUp: [readiness, liveness].flatMap((probe) => probe ?? []),
      version,
    });
  const stable = sparesFor('stable', scenario.stableEnv);
  const canary = sparesFor('canary', scenario.env);
  const sparesOf = (hash: string) => (hash === CANARY ? canary : stable);

  return {
    async prepare() {
      await stable.prepare(plan.replicas + 1);
      const { maxSurge } = resolveSurge(plan.maxSurge, plan.maxUnavailable, plan.replicas);
      const restarts = scenario.canary.crashesAfterRequests === undefined ? 0 : READY_RESTARTS;
      await canary.prepare(1 + maxSurge + restarts);
    },
    takeSpare: (hash) => sparesOf(hash).take(),
    settingsFor: (hash, around) => ({
      ...around,
      readiness,
      liveness,
      userPort,
      graceSeconds,
      crashesAfterRequests: (hash === CANARY ? scenario.canary : scenario.stable).crashesAfterRequests,
      respawn: async () => (processes.isOver() ? undefined : (sparesOf(hash).take() ?? sparesOf(hash).start())),
    }),
    mappings: () => canary.mappings(),
  };
}
