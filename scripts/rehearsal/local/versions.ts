import { listAt, numberAt } from '../../manifest/json.ts';
import { preStopSeconds } from '../../workload/pre-stop.ts';
import { podSpec } from '../../workload/rollout.ts';
import { versionOf } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import type { LocalOptions } from './options.ts';
import { portNumber } from './pod-env.ts';
import type { Version } from './pod-processes.ts';
import { type Probe, readProbe } from './probe.ts';
import type { Stores } from './stores.ts';

/** How to run the pods of one version. */
export interface PodSettings {
  readonly version: Version;
  readonly readiness: Probe | undefined;
  readonly liveness: Probe | undefined;
  readonly graceSeconds: number;
  /** Time from the removal to SIGTERM; part of the grace period. */
  readonly preStopSeconds: number;
  readonly crashesAfterRequests: number | undefined;
}

/** Kubernetes' default. */
const DEFAULT_GRACE_SECONDS = 30;
const DEFAULT_PORT = 8080;

/** Returns a function from a pod template hash to the settings of that version's pods. */
export function podSettings(
  { container: { container }, rollout, namespace, name }: Workload,
  scenario: Scenario,
  { argv, cwd, portVariable }: LocalOptions,
  { addressOf }: Stores,
): (hash: string) => PodSettings {
  const readiness = readProbe(container, 'readinessProbe');
  const userPort = readiness?.port ?? portNumber(container, listAt(container, ['ports'])[0]) ?? DEFAULT_PORT;
  const grace = numberAt(podSpec(rollout), ['terminationGracePeriodSeconds']);
  const fields = { 'metadata.namespace': namespace, 'metadata.name': name };
  const common = { container, argv, cwd, addressOf, fields, portVariable, userPort };
  const settingsOf = (version: 'stable' | 'canary', overrides: Readonly<Record<string, string>>): PodSettings => ({
    version: { ...common, overrides },
    readiness,
    liveness: readProbe(container, 'livenessProbe'),
    graceSeconds: grace ?? DEFAULT_GRACE_SECONDS,
    preStopSeconds: preStopSeconds(container),
    crashesAfterRequests: scenario[version].crashesAfterRequests,
  });
  const settings = { stable: settingsOf('stable', scenario.stableEnv), canary: settingsOf('canary', scenario.env) };
  return (hash) => settings[versionOf(hash)];
}
