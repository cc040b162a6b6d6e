import { type JsonMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { labelsMatch } from '../../workload/selector.ts';
import { addressNamed, backendsOf } from '../backends.ts';
import { RehearsalError } from '../errors.ts';
import { hasOutage } from '../outages.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import type { ClusterClient } from './client.ts';
import { fillTemplate } from './template.ts';

/** Image of a store where the workload itself runs no Redis. */
const REDIS_IMAGE = 'redis:8.10.2-trixie';

/** The stores that a scenario asks for: a Service and a Deployment each. Throws RehearsalError for one that is no Redis. */
export function storeObjects(
  { manifests, namespace, container: { container } }: Workload,
  scenario: Scenario,
): readonly JsonMap[] {
  const images = manifests.flatMap(({ object }) =>
    listAt(object, ['spec', 'template', 'spec', 'containers']).flatMap((one) => textAt(one, ['image']) ?? []),
  );
  const password = listAt(container, ['env']).find((one) => textAt(one, ['name']) === 'BACKEND_PASSWORD');
  return Object.entries(scenario.stores).flatMap(([host, id]) => {
    const url = addressNamed(host, scenario);
    if (url !== undefined && url.protocol !== 'redis:') {
      throw new RehearsalError(`--world cluster makes stores of Redis alone, the scenario asks for '${url.href}'`);
    }
    return fillTemplate('store.yaml', namespace, {
      HOST: host,
      PORT: Number(url?.port || 6379),
      IMAGE: images.find((image) => /(^|\/)redis[:@]/.test(image)) ?? REDIS_IMAGE,
      ENV: [
        ...(password === undefined ? [] : [{ ...mapAt(password), name: 'PASSWORD' }]),
        ...(id === null ? [] : [{ name: 'STORE_ID', value: id }]),
      ],
    });
  });
}

/**
 * The StatefulSet or Deployment of the backend that the container's environment names; undefined for a scenario without an outage
 * of the backend. Throws RehearsalError where there is such an outage, and no such object in the folder.
 */
export function sharedStore(workload: Workload, scenario: Scenario): Manifest | undefined {
  if (!hasOutage(scenario, 'backend')) {
    return undefined;
  }
  const selectors = backendsOf(workload).map(({ service }) => mapAt(service.object, ['spec', 'selector']));
  const store = workload.manifests.find(({ kind, object }) => {
    const labels = mapAt(object, ['spec', 'template', 'metadata', 'labels']);
    return /^(StatefulSet|Deployment)$/.test(kind) && selectors.some((selector) => labelsMatch(selector, labels));
  });
  if (store === undefined) {
    throw new RehearsalError(
      'the scenario takes the backend away, and the folder holds no StatefulSet or Deployment of it',
    );
  }
  return store;
}

/** Scales a store to 0, or back. At 0 it also deletes the pods without a grace period, in which they would still answer. */
export async function setPresent(cluster: ClusterClient, { object }: Manifest, isPresent: boolean): Promise<void> {
  const spec = mapAt(object, ['spec']);
  await cluster.apply({ ...object, spec: { ...spec, replicas: isPresent ? (spec.replicas ?? 1) : 0 } });
  if (!isPresent) {
    const labels = Object.entries(mapAt(spec, ['selector', 'matchLabels'])).map((one) => one.join('='));
    const pods = await cluster.list('v1', 'Pod', textAt(object, ['metadata', 'namespace']), labels.join(','));
    await Promise.all(pods.map((pod) => cluster.remove(pod, 0)));
  }
}
