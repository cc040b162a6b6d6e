import { type JsonMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import { compileMatcher } from '../../promql/matcher.ts';
import { selectors } from '../../promql/walk.ts';
import { parseQueries } from '../parse-queries.ts';
import { place } from '../place.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import { type ClusterClient, orHidden, type Permission } from './client.ts';
import type { ClusterObjects } from './objects.ts';
import { sharedStore } from './stores.ts';
import { userObjects } from './users.ts';

/** What a scenario needs of a cluster. */
export interface Needs {
  readonly workload: Workload;
  readonly scenario: Scenario;
  readonly objects: ClusterObjects;
  readonly namespace: string;
}

/**
 * What a cluster lacks for a rehearsal, a line each with what to do about it; none where it can begin. Changes nothing. Throws
 * RehearsalError for a scenario whose users or stores cannot be made.
 */
export async function findMissing(cluster: ClusterClient, needs: Needs): Promise<readonly string[]> {
  sharedStore(cluster, needs.workload, needs.scenario);
  const kinds = await missingKinds(cluster, needs.objects);
  const rest = await Promise.all([
    missingPermissions(cluster, needs),
    missingPrometheus(cluster, needs),
    missingStorageClass(cluster, needs),
  ]);
  return [...kinds, ...foreignQueries(needs), ...rest.flat()];
}

const WATCHED = { 'argoproj.io/v1alpha1': ['Rollout', 'AnalysisRun'] };
const INSTALLERS: Readonly<Record<string, string>> = {
  'argoproj.io/v1alpha1': 'install Argo Rollouts',
  'monitoring.coreos.com/v1': 'install the Prometheus operator',
};

async function missingKinds(
  cluster: ClusterClient,
  { surroundings, stable }: ClusterObjects,
): Promise<readonly string[]> {
  const wanted = new Map<string, Set<string>>(
    Object.entries(WATCHED).map(([version, kinds]) => [version, new Set(kinds)]),
  );
  for (const object of [...surroundings, stable]) {
    const apiVersion = textAt(object, ['apiVersion']) ?? '';
    wanted.set(apiVersion, (wanted.get(apiVersion) ?? new Set()).add(textAt(object, ['kind']) ?? ''));
  }
  const missing = await Promise.all(
    [...wanted].map(async ([apiVersion, kinds]) => {
      const known = (await cluster.resourcesOf(apiVersion)) ?? [];
      const remedy = `${INSTALLERS[apiVersion] ?? 'install what brings it'}, or npm run cluster -- up`;
      return [...kinds]
        .filter((kind) => !known.some((one) => one.kind === kind))
        .map((kind) => `the cluster has no kind ${kind} (${apiVersion}): ${remedy}`);
    }),
  );
  return missing.flat();
}

/** What the world itself does, beside applying objects. */
function permissionsOf({ scenario, namespace }: Needs): readonly Permission[] {
  const core = (resource: string, verbs: readonly string[]) =>
    verbs.map((verb) => ({ verb, group: '', resource, namespace }));
  const watched = [
    ['argoproj.io', 'rollouts'],
    ['argoproj.io', 'analysisruns'],
    ['apps', 'replicasets'],
    ['', 'pods'],
  ] as const;
  return [
    ...['create', 'get', 'delete'].map((verb) => ({ verb, group: '', resource: 'namespaces' })),
    ...watched.flatMap(([group, resource]) => ['list', 'watch'].map((verb) => ({ verb, group, resource, namespace }))),
    ...(scenario.requestsPerSecond === 0 ? [] : core('pods/log', ['get'])),
    ...(scenario.outages.some(({ what }) => what === 'backend') ? core('pods', ['delete']) : []),
  ];
}

async function missingPermissions(cluster: ClusterClient, needs: Needs): Promise<readonly string[]> {
  const { objects, namespace, workload, scenario } = needs;
  const applied = await Promise.all(
    [...objects.surroundings, objects.stable, ...userObjects(workload, scenario, '/')].map(async (object) => {
      const apiVersion = textAt(object, ['apiVersion']) ?? '';
      const resource = (await cluster.resourcesOf(apiVersion))?.find(({ kind }) => kind === object.kind)?.name;
      const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
      // Server-side apply of an object that is not there yet is both.
      return resource === undefined
        ? []
        : ['create', 'patch', 'get'].map((verb) => ({ verb, group, resource, namespace }));
    }),
  );
  const asked = new Map([...permissionsOf(needs), ...applied.flat()].map((one) => [JSON.stringify(one), one]));
  const answers = await Promise.all(
    [...asked.values()].map(async (one) => ({ ...one, isAllowed: await cluster.may(one) })),
  );
  const refused = answers.filter(({ isAllowed }) => !isAllowed);
  return [...Map.groupBy(refused, ({ group, resource }) => (group === '' ? resource : `${resource}.${group}`))].map(
    ([resource, verbs]) =>
      `context '${cluster.context}' may not ${verbs.map(({ verb }) => verb).join(', ')} ${resource}: have a Role that allows it bound to you, or choose another --context`,
  );
}

/** A Service that must be there for the gate to be answered: `http://name.namespace:9090`, with or without `.svc` behind. */
async function missingPrometheus(cluster: ClusterClient, { workload, scenario }: Needs): Promise<readonly string[]> {
  if (scenario.outages.some(({ what }) => what === 'prometheus')) {
    return [];
  }
  const addresses = new Map(
    workload.manifests
      .filter(({ kind }) => kind === 'AnalysisTemplate')
      .flatMap((template) =>
        listAt(template.object, ['spec', 'metrics']).flatMap((_, index) => {
          const path = ['spec', 'metrics', index, 'provider', 'prometheus', 'address'];
          const address = textAt(template.object, path);
          return address === undefined ? [] : [[address, place(template, path)] as const];
        }),
      ),
  );
  const missing = await Promise.all(
    [...addresses].map(async ([address, where]) => {
      const [name = '', namespace, svc] = URL.parse(address)?.hostname.split('.') ?? [];
      // A name outside the cluster, or one that depends on the controller's namespace, is not for us to look up.
      if (namespace === undefined || (svc ?? 'svc') !== 'svc') {
        return [];
      }
      const services = await cluster.list('v1', 'Service', namespace).catch(orHidden);
      const isThere = services?.some((service) => textAt(service, ['metadata', 'name']) === name) ?? true;
      return !isThere
        ? [
            `${where}: no Prometheus at ${address}: there is no Service '${name}' in namespace '${namespace}'; name the right one, or npm run cluster -- up`,
          ]
        : [];
    }),
  );
  return missing.flat();
}

/** Queries that ask for another namespace than the rehearsal's: they would read what is not played, or nothing. */
function foreignQueries({ workload, namespace }: Needs): readonly string[] {
  const queries = parseQueries(workload);
  return workload.metrics.flatMap(({ query = '', place: where }) => {
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

async function missingStorageClass(cluster: ClusterClient, { workload }: Needs): Promise<readonly string[]> {
  const claims = workload.manifests.flatMap((manifest) => {
    const templates = listAt(manifest.object, ['spec', 'volumeClaimTemplates']).map((claim, index) => ({
      path: ['spec', 'volumeClaimTemplates', index, 'spec'],
      claim: mapAt(claim) as JsonMap,
    }));
    const own = manifest.kind === 'PersistentVolumeClaim' ? [{ path: ['spec'], claim: manifest.object }] : [];
    return [...templates, ...own]
      .filter(({ claim }) => mapAt(claim, ['spec']).storageClassName === undefined)
      .map(({ path }) => place(manifest, path));
  });
  if (claims.length === 0) {
    return [];
  }
  const classes = await cluster.list('storage.k8s.io/v1', 'StorageClass').catch(orHidden);
  const isDefaultThere = (classes ?? []).some(
    (one) => textAt(one, ['metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class']) === 'true',
  );
  return classes === undefined || isDefaultThere
    ? []
    : claims.map(
        (where) =>
          `${where}: the volume names no storageClassName and the cluster has no default StorageClass: name one, or annotate one with storageclass.kubernetes.io/is-default-class=true`,
      );
}
