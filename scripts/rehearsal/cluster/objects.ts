import { randomBytes } from 'node:crypto';
import { isMap, type Json, type JsonMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { mergePatch } from '../apply-patches.ts';
import { RehearsalError } from '../errors.ts';
import type { Mapping } from '../local/pod-env.ts';
import { hasOutage } from '../outages.ts';
import { place } from '../place.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import { admitRehearsal } from './network-policies.ts';
import { storeObjects } from './stores.ts';

/** A workload as a scenario applies it to a namespace. */
export interface ClusterObjects {
  /** Generated Secrets, the scenario's stores, and the manifests but the Rollout; in the order in which they are applied. */
  readonly others: readonly JsonMap[];
  /** The Rollout with the old version's template, and with the new one's. */
  readonly stable: JsonMap;
  readonly canary: JsonMap;
  /** How the applied objects differ from the manifests. */
  readonly mappings: readonly Mapping[];
}

/** Kinds that are applied. Others are left out and reported: they may act outside the namespace, or page somebody. */
const APPLIED = new Set([
  'AnalysisTemplate',
  'ConfigMap',
  'Deployment',
  'NetworkPolicy',
  'PersistentVolumeClaim',
  'PodDisruptionBudget',
  'PodMonitor',
  'Role',
  'RoleBinding',
  'Rollout',
  'Secret',
  'Service',
  'ServiceAccount',
  'ServiceMonitor',
  'StatefulSet',
]);
/** An address at which no Prometheus answers. */
const NOBODY = 'http://nobody-listens-here:9090';

/** The manifests with another namespace, and without `status`, which a cluster writes. */
export function movedTo(namespace: string, manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.map((manifest) => {
    const { status: _, ...rest } = manifest.object;
    return { ...manifest, namespace, object: { ...rest, metadata: { ...mapAt(rest, ['metadata']), namespace } } };
  });
}

/** The objects to apply for manifests that `movedTo` returned. Throws RehearsalError for what the cluster world cannot play. */
export function clusterObjects(workload: Workload, scenario: Scenario): ClusterObjects {
  refuse(workload, scenario);
  const { manifests, namespace, rollout } = workload;
  const applied = manifests.filter(({ kind }) => APPLIED.has(kind));
  const leftOut = manifests.filter(({ kind }) => !APPLIED.has(kind));
  const secrets = missingSecrets(applied);
  const isPrometheusDown = hasOutage(scenario, 'prometheus');
  return {
    others: [
      ...[...secrets].map(([name, keys]) => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace },
        stringData: Object.fromEntries([...keys].map((key) => [key, randomBytes(24).toString('hex')])),
      })),
      ...storeObjects(workload, scenario),
      ...applied
        .filter((manifest) => manifest !== rollout.manifest)
        .map(({ object }) => admitRehearsal(isPrometheusDown ? withoutPrometheus(object) : object)),
    ],
    stable: withRelease(workload, 'stable', scenario.stableEnv),
    canary: withRelease(workload, 'canary', scenario.env),
    mappings: [
      ...[...secrets.keys()].map((name) => ({
        name: `Secret ${name}`,
        from: 'not among the manifests',
        to: 'random values',
      })),
      ...leftOut.map(({ kind, name }) => ({ name: `${kind} ${name}`, from: 'in the folder', to: 'left out' })),
      ...(isPrometheusDown ? [{ name: 'address of Prometheus', from: 'in the templates', to: NOBODY }] : []),
    ],
  };
}

function refuse({ plan, rollout, container }: Workload, scenario: Scenario): void {
  const { outages, canary, stable, measures } = scenario;
  if (plan.routing !== undefined) {
    const where = place(rollout.manifest, ['spec', 'strategy', 'canary', 'trafficRouting']);
    throw new RehearsalError(`${where}: --world cluster does not play a traffic router: use --world model`);
  }
  const isForAWhile = outages.some(
    ({ what, after, seconds }) => what === 'prometheus' && (after ?? seconds) !== undefined,
  );
  const notPlayed: readonly (readonly [what: string, isAsked: boolean])[] = [
    ['a workloadRef', container.manifest !== rollout.manifest],
    ['`measures`', Object.keys(measures).length > 0],
    ['crashesAfterRequests', (canary.crashesAfterRequests ?? stable.crashesAfterRequests) !== undefined],
    ['prometheusDown with `after` or `seconds`', isForAWhile],
    ['stableNotReady', hasOutage(scenario, 'stable')],
  ];
  for (const [what, isAsked] of notPlayed) {
    if (isAsked) {
      throw new RehearsalError(`--world cluster does not play ${what}: use --world local`);
    }
  }
}

function withoutPrometheus(object: JsonMap): JsonMap {
  if (object.kind !== 'AnalysisTemplate') {
    return object;
  }
  const metrics = listAt(object, ['spec', 'metrics']).map((metric) =>
    mergePatch(metric, { provider: { prometheus: { address: NOBODY } } }),
  );
  return mergePatch(object, { spec: { metrics } }) as JsonMap;
}

/** The Rollout with these variables in the app's container, and a random annotation that makes the template a new version. */
function withRelease(
  { rollout: { manifest }, container }: Workload,
  version: string,
  env: Readonly<Record<string, string>>,
): JsonMap {
  const set = Object.entries(env).map(([name, value]) => ({ name, value }));
  const containers = listAt(manifest.object, container.path.slice(0, -1)).map((one, index) => {
    const others = listAt(one, ['env']).filter((other) => !Object.hasOwn(env, textAt(other, ['name']) ?? ''));
    return index === container.path.at(-1) ? { ...mapAt(one), env: [...others, ...set] } : one;
  });
  const annotations = { 'rehearse/version': `${version}-${randomBytes(4).toString('hex')}` };
  const template = { metadata: { annotations }, spec: { containers } };
  return mergePatch(manifest.object, { spec: { template } }) as JsonMap;
}

/** Names and keys of Secrets that the manifests refer to but lack. Throws RehearsalError for a reference without a key. */
function missingSecrets(manifests: readonly Manifest[]): ReadonlyMap<string, ReadonlySet<string>> {
  const held = new Set(manifests.filter(({ kind }) => kind === 'Secret').map(({ name }) => name));
  const found = new Map<string, Set<string>>();
  for (const { object, source } of manifests) {
    for (const [field, reference] of fieldsIn(object)) {
      const name = textAt(reference, [field === 'secret' ? 'secretName' : 'name']);
      if (!/^secret(Ref|KeyRef)?$/.test(field) || name === undefined || held.has(name) || mapAt(reference).optional) {
        continue;
      }
      const key = textAt(reference, ['key']);
      if (field !== 'secretKeyRef' || key === undefined) {
        throw new RehearsalError(
          `${source.file}: Secret '${name}' is not among the manifests, and only a secretKeyRef says which keys it must have`,
        );
      }
      found.set(name, (found.get(name) ?? new Set()).add(key));
    }
  }
  return found;
}

/** Every field of a value, at any depth. */
function* fieldsIn(value: Json): Generator<[field: string, value: Json]> {
  for (const [field, inner] of isMap(value) || Array.isArray(value) ? Object.entries(value) : []) {
    yield [field, inner];
    yield* fieldsIn(inner);
  }
}
