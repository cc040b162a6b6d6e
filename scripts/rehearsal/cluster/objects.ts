import { randomBytes } from 'node:crypto';
import { isMap, type Json, type JsonMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { RehearsalError } from '../errors.ts';
import type { Mapping } from '../local/pod-env.ts';
import { place } from '../place.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import { admitRehearsal } from './network-policies.ts';
import { storeObjects } from './stores.ts';

/** A workload as a scenario applies it to a namespace. */
export interface ClusterObjects {
  /** All but the Rollout, the scenario's own stores among them, in the order in which they are applied. */
  readonly surroundings: readonly JsonMap[];
  /** The Rollout with the old version's template, and with the new one's. */
  readonly stable: JsonMap;
  readonly canary: JsonMap;
  /** How they differ from the manifests. */
  readonly mappings: readonly Mapping[];
}

/**
 * Applied; whatever else a folder holds is left out and said: it would leave the namespace, answer for a real host name, or page
 * somebody.
 */
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
const NOBODY = 'http://nobody-listens-here:9090';

/** The manifests as they are applied to a namespace, whichever they name. */
export function movedTo(namespace: string, manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.map((manifest) => {
    // What a cluster itself writes is left out.
    const { status: _, ...rest } = manifest.object;
    return { ...manifest, namespace, object: { ...rest, metadata: { ...mapAt(rest, ['metadata']), namespace } } };
  });
}

/** Of a workload that is in its namespace already. Throws RehearsalError for what a cluster cannot play. */
export function clusterObjects(workload: Workload, scenario: Scenario): ClusterObjects {
  const { manifests, namespace, rollout, container } = workload;
  refuse(workload, scenario);
  const isApplied = ({ kind }: Manifest) => APPLIED.has(kind);
  const secrets = missingSecrets(workload);
  const isPrometheusDown = scenario.outages.some(({ what }) => what === 'prometheus');
  const others = manifests
    .filter((manifest) => isApplied(manifest) && manifest !== rollout.manifest)
    .map(({ object }) => (isPrometheusDown ? withoutPrometheus(object) : object))
    .map(admitRehearsal);
  const release = (version: string, env: Readonly<Record<string, string>>) =>
    withRelease(rollout.manifest.object, container.path, version, env);
  return {
    surroundings: [
      ...secrets.map(({ name, keys }) => secretOf(name, keys, namespace)),
      ...storeObjects(workload, scenario),
      ...others,
    ],
    stable: release('stable', scenario.stableEnv),
    canary: release('canary', scenario.env),
    mappings: [
      ...secrets.map(({ name }) => ({ name: `Secret ${name}`, from: 'not among the manifests', to: 'random values' })),
      ...manifests
        .filter((manifest) => !isApplied(manifest))
        .map(({ kind, name }) => ({ name: `${kind} ${name}`, from: 'in the folder', to: 'left out' })),
      ...(isPrometheusDown ? [{ name: 'address of Prometheus', from: 'in the templates', to: NOBODY }] : []),
    ],
  };
}

function refuse({ plan, rollout, container }: Workload, { outages, canary, stable, measures }: Scenario): void {
  const cannot = (what: string) => new RehearsalError(`--world cluster does not play ${what}: use --world local`);
  if (plan.routing !== undefined) {
    const where = place(rollout.manifest, ['spec', 'strategy', 'canary', 'trafficRouting']);
    throw new RehearsalError(`${where}: --world cluster does not play a traffic router: use --world model`);
  }
  if (container.manifest !== rollout.manifest) {
    throw cannot('a workloadRef');
  }
  if (Object.keys(measures).length > 0) {
    throw cannot('`measures`');
  }
  if ((canary.crashesAfterRequests ?? stable.crashesAfterRequests) !== undefined) {
    throw cannot('crashesAfterRequests');
  }
  if (outages.some(({ what, after, seconds }) => what === 'prometheus' && (after ?? seconds) !== undefined)) {
    throw cannot('prometheusDown with `after` or `seconds`');
  }
}

function withoutPrometheus(object: JsonMap): JsonMap {
  const metrics = listAt(object, ['spec', 'metrics']).map((metric) => {
    const prometheus = { ...mapAt(metric, ['provider', 'prometheus']), address: NOBODY };
    return { ...mapAt(metric), provider: { prometheus } };
  });
  return object.kind === 'AnalysisTemplate' ? { ...object, spec: { ...mapAt(object, ['spec']), metrics } } : object;
}

/** The template with variables set in a container, and an annotation by which no two versions are the same. */
function withRelease(
  rollout: JsonMap,
  container: readonly (string | number)[],
  version: string,
  env: Readonly<Record<string, string>>,
): JsonMap {
  const names = Object.keys(env);
  const set = names.map((name) => ({ name, value: env[name] ?? '' }));
  const withEnv = edit(rollout, [...container, 'env'], (written) => [
    ...listAt(written).filter((one) => !names.includes(textAt(one, ['name']) ?? '')),
    ...set,
  ]);
  const mark = `${version}-${randomBytes(4).toString('hex')}`;
  return edit(withEnv, ['spec', 'template', 'metadata', 'annotations'], (written) => ({
    ...mapAt(written),
    'rehearse/version': mark,
  }));
}

function edit(object: JsonMap, path: readonly (string | number)[], change: (value: Json | undefined) => Json): JsonMap {
  const [key, ...rest] = path;
  const inside = (value: Json | undefined): Json =>
    rest.length === 0 ? change(value) : (edit((value ?? {}) as JsonMap, rest, change) as Json);
  if (Array.isArray(object)) {
    return object.map((value, index) => (index === key ? inside(value) : value)) as unknown as JsonMap;
  }
  return { ...object, [key as string]: inside(object[key as string]) };
}

interface MissingSecret {
  readonly name: string;
  readonly keys: readonly string[];
}

/** Secrets whose keys the manifests name and which they do not hold. Throws RehearsalError for one whose keys are not named. */
function missingSecrets({ manifests }: Workload): readonly MissingSecret[] {
  const held = new Set(manifests.filter(({ kind }) => kind === 'Secret').map(({ name }) => name));
  const found = new Map<string, Set<string>>();
  const visit = (value: Json, manifest: Manifest): void => {
    if (!isMap(value) && !Array.isArray(value)) {
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const whole =
        key === 'secretRef' ? textAt(inner, ['name']) : key === 'secret' ? textAt(inner, ['secretName']) : undefined;
      const one = key === 'secretKeyRef' ? (textAt(inner, ['name']) ?? '') : undefined;
      const isOptional = mapAt(inner).optional === true;
      if (whole !== undefined && !held.has(whole) && !isOptional) {
        throw new RehearsalError(
          `${manifest.source.file}: Secret '${whole}' is not among the manifests, and only a secretKeyRef says which keys it must have`,
        );
      }
      if (one !== undefined && !held.has(one) && !isOptional) {
        found.set(one, (found.get(one) ?? new Set()).add(textAt(inner, ['key']) ?? ''));
      }
      visit(inner, manifest);
    }
  };
  for (const manifest of manifests.filter(({ kind }) => APPLIED.has(kind))) {
    visit(manifest.object, manifest);
  }
  return [...found].map(([name, keys]) => ({ name, keys: [...keys] }));
}

function secretOf(name: string, keys: readonly string[], namespace: string): JsonMap {
  const stringData = Object.fromEntries(keys.map((key) => [key, randomBytes(24).toString('hex')]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData };
}
