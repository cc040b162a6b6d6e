import type { V1ResourceAttributes } from '@kubernetes/client-node';
import { type JsonMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import { compileMatcher } from '../../promql/matcher.ts';
import { selectors } from '../../promql/walk.ts';
import { parseQueries } from '../parse-queries.ts';
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
  const kinds = new Map(
    [...WATCHED, ...applied.map(({ apiVersion, kind }) => [String(apiVersion), String(kind)] as const)].map((one) => [
      one.join(' '),
      one,
    ]),
  );
  const missing: string[] = [];
  const permissions = worldPermissions(needs);
  for (const [apiVersion, kind] of kinds.values()) {
    const resource = await cluster.resource(apiVersion, kind);
    if (resource === undefined) {
      const remedy = INSTALLERS[apiVersion] ?? 'install what brings it';
      missing.push(`the cluster has no kind ${kind} (${apiVersion}): ${remedy}`);
      continue;
    }
    const isWatched = WATCHED.some(([, watched]) => watched === kind);
    const isApplied = applied.some((object) => object.kind === kind);
    // Server-side apply of an object that is not there yet creates it.
    const verbs = [...(isWatched ? ['list', 'watch'] : []), ...(isApplied ? ['create', 'patch', 'get'] : [])];
    permissions.push(...verbs.map((verb) => ({ verb, group: groupOf(apiVersion), resource: resource.name })));
  }
  return [
    ...missing,
    ...foreignQueries(workload),
    ...(await missingPermissions(cluster, workload, permissions)),
    ...(await missingPrometheus(cluster, needs)),
    ...(await missingStorageClass(cluster, workload)),
  ];
}

const INSTALLERS: Readonly<Record<string, string>> = {
  'argoproj.io/v1alpha1': 'install Argo Rollouts',
  'monitoring.coreos.com/v1': 'install the Prometheus operator',
};

const groupOf = (apiVersion: string) => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

/** Permissions for what the world does besides watching and applying objects. */
function worldPermissions({ scenario }: Needs): V1ResourceAttributes[] {
  return [
    ...['create', 'get', 'delete'].map((verb) => ({ verb, group: '', resource: 'namespaces' })),
    ...(scenario.requestsPerSecond === 0 ? [] : [{ verb: 'get', group: '', resource: 'pods', subresource: 'log' }]),
    ...(scenario.outages.some(({ what }) => what === 'backend')
      ? [{ verb: 'delete', group: '', resource: 'pods' }]
      : []),
  ];
}

async function missingPermissions(
  cluster: ClusterClient,
  { namespace }: Workload,
  permissions: readonly V1ResourceAttributes[],
): Promise<readonly string[]> {
  const answers = await Promise.all(
    permissions.map(async (one) => ({
      ...one,
      isAllowed: await cluster.may(one.resource === 'namespaces' ? one : { ...one, namespace }),
    })),
  );
  const refused = Map.groupBy(
    answers.filter(({ isAllowed }) => !isAllowed),
    ({ group, resource, subresource }) =>
      `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`,
  );
  return [...refused].map(([resource, all]) => {
    const verbs = [...new Set(all.map(({ verb }) => verb))].join(', ');
    return `context '${cluster.context}' may not ${verbs} ${resource}: have a Role that allows it bound to you, or choose another --context`;
  });
}

/** Reports addresses of Prometheus in the templates, such as `http://name.namespace.svc:9090`, whose Service does not exist. */
async function missingPrometheus(cluster: ClusterClient, { workload, scenario }: Needs): Promise<readonly string[]> {
  if (scenario.outages.some(({ what }) => what === 'prometheus')) {
    return [];
  }
  const addresses = new Map<string, string>();
  for (const template of workload.manifests.filter(({ kind }) => kind === 'AnalysisTemplate')) {
    for (const index of listAt(template.object, ['spec', 'metrics']).keys()) {
      const path = ['spec', 'metrics', index, 'provider', 'prometheus', 'address'];
      const address = textAt(template.object, path);
      if (address !== undefined) {
        addresses.set(address, place(template, path));
      }
    }
  }
  const missing: string[] = [];
  for (const [address, where] of addresses) {
    const [name = '', namespace, svc = 'svc'] = URL.parse(address)?.hostname.split('.') ?? [];
    // A name outside the cluster, or one that depends on the controller's namespace, cannot be looked up here.
    if (namespace === undefined || svc !== 'svc') {
      continue;
    }
    const services = await cluster.list('v1', 'Service', namespace).catch(unlessStatus(403));
    if (services !== undefined && !services.some((service) => textAt(service, ['metadata', 'name']) === name)) {
      missing.push(
        `${where}: no Prometheus at ${address}: there is no Service '${name}' in namespace '${namespace}'; name the right one`,
      );
    }
  }
  return missing;
}

/** Reports queries that select another namespace than the rehearsal's: they would read other pods' series, or none. */
function foreignQueries(workload: Workload): readonly string[] {
  const { metrics, namespace } = workload;
  const queries = parseQueries(workload);
  return metrics.flatMap(({ query = '', place: where }) => {
    const expr = queries.get(query);
    const matchers = (expr === undefined ? [] : selectors(expr)).flatMap((selector) => selector.matchers);
    const foreign = matchers.find((one) => one.label === 'namespace' && !compileMatcher(one).matches(namespace));
    return foreign === undefined
      ? []
      : [
          `${where}: the query asks for namespace${foreign.op}"${foreign.value}", the rehearsal is in '${namespace}': take the namespace from an argument with fieldRef metadata.namespace, or choose it with --namespace`,
        ];
  });
}

async function missingStorageClass(cluster: ClusterClient, { manifests }: Workload): Promise<readonly string[]> {
  const claims = manifests.flatMap((manifest) => {
    const templates = listAt(manifest.object, ['spec', 'volumeClaimTemplates']);
    return [
      ...templates.map((claim, index) => ({ path: ['spec', 'volumeClaimTemplates', index, 'spec'], claim })),
      ...(manifest.kind === 'PersistentVolumeClaim' ? [{ path: ['spec'], claim: manifest.object }] : []),
    ]
      .filter(({ claim }) => mapAt(claim, ['spec']).storageClassName === undefined)
      .map(({ path }) => place(manifest, path));
  });
  const isDefault = (one: JsonMap) =>
    textAt(one, ['metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class']) === 'true';
  const classes =
    claims.length > 0 ? await cluster.list('storage.k8s.io/v1', 'StorageClass').catch(unlessStatus(403)) : undefined;
  return classes === undefined || classes.some(isDefault)
    ? []
    : claims.map(
        (where) =>
          `${where}: the volume names no storageClassName and the cluster has no default StorageClass: name one, or annotate one with storageclass.kubernetes.io/is-default-class=true`,
      );
}
