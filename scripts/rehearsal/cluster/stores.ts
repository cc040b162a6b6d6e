import { type JsonMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { labelsMatch } from '../../workload/selector.ts';
import { backendsOf } from '../backends.ts';
import { RehearsalError } from '../errors.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import type { ClusterClient, Reference } from './client.ts';
import { REHEARSAL_LABEL } from './network-policies.ts';
import { restrictedContainer, restrictedPod } from './restricted.ts';

/** Used where the workload itself runs no Redis. */
const REDIS_IMAGE = 'redis:8.10.2-trixie';
const REDIS_PORT = 6379;

/** Says who it is, unless it must not; takes the password that the workload's pods send, where they send one. */
const START = `
if [ -n "$PASSWORD" ]; then
  echo "user default on #$(printf %s "$PASSWORD" | sha256sum | cut -d' ' -f1) ~* &* +@all" > /run/redis/users.acl
  export REDISCLI_AUTH="$PASSWORD"
else
  echo 'user default on nopass ~* &* +@all' > /run/redis/users.acl
fi
if [ -n "$STORE_ID" ]; then
  (until redis-cli SET backend-id "$STORE_ID" >/dev/null 2>&1; do sleep 0.2; done) &
fi
exec redis-server --dir /run/redis --save '' --aclfile /run/redis/users.acl
`;

/** The live stores that a scenario asks for: a pod and a Service each. Throws RehearsalError for one that is no Redis. */
export function storeObjects(workload: Workload, { stores, env }: Scenario): readonly JsonMap[] {
  const { namespace } = workload;
  const urls = Object.values(env).flatMap((value) => URL.parse(value) ?? []);
  return Object.entries(stores).flatMap(([host, id]) => {
    const url = urls.find(({ hostname }) => hostname === host);
    if (url !== undefined && url.protocol !== 'redis:') {
      throw new RehearsalError(`--world cluster makes stores of Redis alone, the scenario asks for '${url.href}'`);
    }
    const labels = { 'app.kubernetes.io/name': host, ...REHEARSAL_LABEL };
    const port = Number(url?.port || REDIS_PORT);
    return [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: host, namespace, labels },
        spec: { selector: labels, ports: [{ name: 'redis', port, targetPort: REDIS_PORT }] },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: host, namespace, labels },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: podSpec(workload, id) },
        },
      },
    ];
  });
}

function podSpec({ manifests, container: { container } }: Workload, id: string | null): JsonMap {
  const images = manifests.flatMap(({ object }) =>
    listAt(object, ['spec', 'template', 'spec', 'containers']).flatMap((one) => textAt(one, ['image']) ?? []),
  );
  const password = listAt(container, ['env']).find((one) => textAt(one, ['name']) === 'BACKEND_PASSWORD');
  return {
    ...restrictedPod(999),
    containers: [
      {
        name: 'redis',
        image: images.find((image) => /(^|\/)redis[:@]/.test(image)) ?? REDIS_IMAGE,
        command: ['sh', '-ec', START],
        env: [
          ...(password === undefined ? [] : [{ ...mapAt(password), name: 'PASSWORD' }]),
          ...(id === null ? [] : [{ name: 'STORE_ID', value: id }]),
        ],
        ports: [{ name: 'redis', containerPort: REDIS_PORT }],
        readinessProbe: { tcpSocket: { port: REDIS_PORT }, periodSeconds: 2 },
        volumeMounts: [{ name: 'run', mountPath: '/run/redis' }],
        ...restrictedContainer(),
      },
    ],
    volumes: [{ name: 'run', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } }],
  };
}

/** The store that both versions share, to be taken away and brought back. */
export interface SharedStore {
  readonly setPresent: (isPresent: boolean) => Promise<void>;
}

/**
 * The StatefulSet or Deployment of the folder behind a host name of the container's environment. Throws RehearsalError where a
 * scenario takes the store away and the folder holds none.
 */
export function sharedStore(cluster: ClusterClient, workload: Workload, { outages }: Scenario): SharedStore {
  const isTaken = outages.some(({ what }) => what === 'backend');
  const services = backendsOf(workload).map(({ service }) => service);
  const [owner] = services.flatMap((service) => workload.manifests.filter((manifest) => isBehind(service, manifest)));
  if (isTaken && owner === undefined) {
    throw new RehearsalError(
      'the scenario takes the backend away, and the folder holds no StatefulSet or Deployment of it',
    );
  }
  let isThere = true;
  return {
    async setPresent(isPresent) {
      if (owner === undefined || isPresent === isThere) {
        return;
      }
      isThere = isPresent;
      const { apiVersion, kind, name, object } = owner;
      const reference: Reference = { apiVersion, kind, name, namespace: workload.namespace };
      await cluster.merge(reference, { spec: { replicas: isPresent ? (mapAt(object, ['spec']).replicas ?? 1) : 0 } });
      if (!isPresent) {
        const labels = Object.entries(mapAt(object, ['spec', 'selector', 'matchLabels'])).map((one) => one.join('='));
        const pods = await cluster.list('v1', 'Pod', workload.namespace, labels.join(','));
        // Gone at once: a store that ends in its own time would still answer.
        await Promise.all(
          pods.map((pod) =>
            cluster.remove({ ...POD, name: textAt(pod, ['metadata', 'name']) ?? '', namespace: workload.namespace }, 0),
          ),
        );
      }
    },
  };
}

const POD = { apiVersion: 'v1', kind: 'Pod' };

function isBehind(service: Manifest, { kind, object }: Manifest): boolean {
  const labels = mapAt(object, ['spec', 'template', 'metadata', 'labels']);
  return (
    (kind === 'StatefulSet' || kind === 'Deployment') &&
    labelsMatch(mapAt(service.object, ['spec', 'selector']), labels)
  );
}
