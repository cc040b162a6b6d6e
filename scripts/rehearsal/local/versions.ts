import { type JsonMap, numberAt } from '../../manifest/json.ts';
import { preStopSeconds } from '../../workload/pre-stop.ts';
import { podSpec } from '../../workload/rollout.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import type { LocalOptions } from './options.ts';
import { containerPorts } from './pod-env.ts';
import { type Probe, readProbe } from './probe.ts';
import type { Stores } from './stores.ts';

/** How to run the pods of one version. */
export interface Version {
  readonly container: JsonMap;
  /** Program and arguments of a pod's process. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Variables that the scenario sets; they override the manifest's. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The address to use in place of one in the cluster; undefined to keep it. */
  readonly addressOf: (url: URL) => string | undefined;
  /** Values for `fieldRef`, by field path. */
  readonly fields: Readonly<Record<string, string>>;
  /** The variable from which the app reads the port for users; set to that port unless the manifest sets the variable. */
  readonly portVariable: string | undefined;
  /** Container port that users reach. */
  readonly userPort: number;
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

export function createVersions(
  { container: { container }, rollout, namespace, name }: Workload,
  scenario: Scenario,
  { argv, cwd, portVariable }: Pick<LocalOptions, 'argv' | 'cwd' | 'portVariable'>,
  { addressOf }: Pick<Stores, 'addressOf'>,
): Readonly<Record<'stable' | 'canary', Version>> {
  const readiness = readProbe(container, 'readinessProbe');
  const common = {
    container,
    argv,
    cwd,
    addressOf,
    fields: { 'metadata.namespace': namespace, 'metadata.name': name },
    portVariable,
    userPort: readiness?.port ?? containerPorts(container)[0] ?? DEFAULT_PORT,
    readiness,
    liveness: readProbe(container, 'livenessProbe'),
    graceSeconds: numberAt(podSpec(rollout), ['terminationGracePeriodSeconds']) ?? DEFAULT_GRACE_SECONDS,
    preStopSeconds: preStopSeconds(container),
  };
  const { stable, canary, stableEnv, env } = scenario;
  return {
    stable: { ...common, overrides: stableEnv, crashesAfterRequests: stable.crashesAfterRequests },
    canary: { ...common, overrides: env, crashesAfterRequests: canary.crashesAfterRequests },
  };
}
