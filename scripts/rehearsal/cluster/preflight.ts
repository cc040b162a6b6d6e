import type { V1ResourceAttributes } from '@kubernetes/client-node';
import { type JsonMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import { compileMatcher } from '../../promql/matcher.ts';
import { selectors } from '../../promql/walk.ts';
import { hasOutage } from '../outages.ts';
import { place } from '../place.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import type { ClusterClient } from './client.ts';
import type { ClusterObjects } from './objects.ts';
import { unlessStatus } from './request-error.ts';
import { sharedStore } from './stores.ts';
import { userObjects } from './users.ts';
import { WATCHED } from './world.ts';

/** What is to be played in a cluster. */
export interface Needs {
  readonly workload: Workload;
  readonly scenario: Scenario;
  readonly objects: ClusterObjects;
}

/**
 * Lines that say what a cluster lacks for a rehearsal and what to do about it; none where it can begin. Changes nothing. Throws
 * RehearsalError for a scenario whose users or stores cannot be made.
 */
export async function findMissing(cluster: ClusterClient, needs: Needs): Promise<readonly string[]> {
  const { workload, scenario, objects } = needs;
  sharedStore(workload, scenario);
  const applied = [...objects.others, objects.stable, ...userObjects(workload, scenario, '/')];
  const uses = [
    ...WATCHED.map(([apiVersion, kind]) => ({ apiVersion, kind, verbs: ['list', 'watch'] })),
    // Server-side apply of an object that is not there yet creates it.
    ...applied.map(({ apiVersion, kind }) => ({ apiVersion, kind, verbs: ['create', 'patch', 'get'] })),
  ];
  const missing = new Set<string>();
  const permissions = worldPermissions(scenario);
  for (const { apiVersion, kind, verbs } of uses) {
    const [group = '', version] = String(apiVersion).split('/');
    const resource = await cluster.resource(String(apiVersion), String(kind));
    if (resource === undefined) {
      const remedy = INSTALLERS[group] ?? 'install what brings it';
      missing.add(`the cluster has no kind ${kind} (${apiVersion}): ${remedy}`);
    } else {
      const { name } = resource;
      permissions.push(...verbs.map((verb) => ({ verb, group: version === undefined ? '' : group, resource: name })));
    }
  }
  return [
    ...missing,
    ...foreignQueries(workload),
    ...(await missingPermissions(cluster, workload, permissions)),
    ...(await missingPrometheus(cluster, needs)),
    ...(await missingStorageClass(cluster, workload)),
  ];
}

/** By API group. */
const INSTALLERS: Readonly<Record<string, string>> = {
  'argoproj.io': 'install Argo Rollouts',
  'monitoring.coreos.com': 'install the Prometheus operator',
};

/** Permissions for what the world does besides watching and applying objects. */
function worldPermissions(scenario: Scenario): V1ResourceAttributes[] {
  const pods = { group: '', resource: 'pods' };
  return [
    ...['create', 'get', 'delete'].map((verb) => ({ verb, group: '', resource: 'namespaces' })),
    ...(scenario.requestsPerSecond === 0 ? [] : [{ ...pods, verb: 'get', subresource: 'log' }]),
    ...(hasOutage(scenario, 'backend') ? [{ ...pods, verb: 'delete' }] : []),
  ];
}

async function missingPermissions(
  cluster: ClusterClient,
  { namespace }: Workload,
  permissions: readonly V1ResourceAttributes[],
): Promise<readonly string[]> {
  /** Verbs that are refused, by resource. */
  const refused = new Map<string, Set<string>>();
  const asked = new Map(permissions.map((one) => [JSON.stringify(one), one]));
  const answers = [...asked.values()].map(async (one) => ({
    ...one,
    isAllowed: await cluster.may(one.resource === 'namespaces' ? one : { ...one, namespace }),
  }));
  for (const { group, resource = '', subresource, verb = '', isAllowed } of await Promise.all(answers)) {
    if (!isAllowed) {
      const name = `${resource}${subresource ? `/${subresource}` : ''}${group ? `.${group}` : ''}`;
      refused.set(name, (refused.get(name) ?? new Set()).add(verb));
    }
  }
  return [...refused].map(
    ([resource, verbs]) =>
      `context '${cluster.context}' may not ${[...verbs].join(', ')} ${resource}: have a Role that allows it bound to you, or choose another --context`,
  );
}

/** Reports addresses of Prometheus in the templates, such as `http://name.namespace.svc:9090`, whose Service does not exist. */
async function missingPrometheus(cluster: ClusterClient, { workload, scenario }: Needs): Promise<readonly string[]> {
  if (hasOutage(scenario, 'prometheus')) {
    return [];
  }
  const places = new Map<string, string>();
  for (const template of workload.manifests.filter(({ kind }) => kind === 'AnalysisTemplate')) {
    for (const index of listAt(template.object, ['spec', 'metrics']).keys()) {
      const path = ['spec', 'metrics', index, 'provider', 'prometheus', 'address'];
      places.set(textAt(template.object, path) ?? '', place(template, path));
    }
  }
  const missing: string[] = [];
  for (const [address, where] of places) {
    const [name = '', namespace, svc = 'svc'] = URL.parse(address)?.hostname.split('.') ?? [];
    // A name outside the cluster, or one that depends on the controller's namespace, cannot be looked up here.
    if (namespace !== undefined && svc === 'svc') {
      const services = await cluster.list('v1', 'Service', namespace).catch(unlessStatus(403));
      if (services?.every((service) => textAt(service, ['metadata', 'name']) !== name)) {
        missing.push(
          `${where}: no Prometheus at ${address}: there is no Service '${name}' in namespace '${namespace}'; name the right one`,
        );
      }
    }
  }
  return missing;
}

/** Reports queries that select another namespace than the rehearsal's: they would read other pods' series, or none. */
function foreignQueries(workload: Workload): readonly string[] {
  const { metrics, namespace } = workload;
  return metrics.flatMap(({ expr, place: where }) => {
    const matchers = (expr === undefined ? [] : selectors(expr)).flatMap((selector) => selector.matchers);
    const foreign = matchers.find((one) => one.label === 'namespace' && !compileMatcher(one).matches(namespace));
    return foreign === undefined
      ? []
      : [
          `${where}: the query asks for namespace${foreign.op}"${foreign.value}", the rehearsal is in '${namespace}': take the namespace from an argument with fieldRef metadata.namespace, or choose it with --namespace`,
        ];
  });
}

/** Reports volumes without a storage class where the cluster has no default one. */
async function missingStorageClass(cluster: ClusterClient, { manifests }: Workload): Promise<readonly string[]> {
  const places = manifests.flatMap((manifest) => {
    const { object, kind } = manifest;
    const path = ['spec', 'volumeClaimTemplates'];
    const templates = listAt(object, path).map((claim, index) => ({ claim, path: [...path, index, 'spec'] }));
    const claims = kind === 'PersistentVolumeClaim' ? [{ claim: object, path: ['spec'] }] : templates;
    return claims
      .filter(({ claim }) => mapAt(claim, ['spec']).storageClassName === undefined)
      .map((claim) => place(manifest, claim.path));
  });
  const isDefault = (one: JsonMap) =>
    textAt(one, ['metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class']) === 'true';
  const classes =
    places.length === 0 ? undefined : await cluster.list('storage.k8s.io/v1', 'StorageClass').catch(unlessStatus(403));
  return classes === undefined || classes.some(isDefault)
    ? []
    : places.map(
        (where) =>
          `${where}: the volume names no storageClassName and the cluster has no default StorageClass: name one, or annotate one with storageclass.kubernetes.io/is-default-class=true`,
      );
}
