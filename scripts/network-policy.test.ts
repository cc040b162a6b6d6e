import { describe, expect, test } from '@jest/globals';
import { type JsonMap, listAt, mapAt } from './manifest/json.ts';
import { loadManifests } from './manifest/load.ts';
import { type AppliedPolicy, allows, type Endpoint, type PodEndpoint } from './workload/network-policy.ts';

// Who may talk to whom once workloads/sample-api is applied to a namespace of its own, beside another one.

const NAMESPACE = 'sample-api';
const root = new URL('..', import.meta.url).pathname;
const { manifests } = await loadManifests(['workloads/sample-api'], root);

const policies: readonly AppliedPolicy[] = manifests
  .filter(({ kind }) => kind === 'NetworkPolicy')
  .map(({ object }) => ({ namespace: NAMESPACE, object }));

/** The pods that a manifest makes, labels and ports as they are in its template. */
function podsOf(kind: string, name: string): PodEndpoint {
  const manifest = manifests.find((one) => one.kind === kind && one.name === name);
  const template = mapAt(manifest?.object, ['spec', 'template']);
  const ports = listAt(template, ['spec', 'containers']).flatMap((container) => listAt(container, ['ports']));
  return pod(NAMESPACE, mapAt(template, ['metadata', 'labels']), ports);
}

function pod(namespace: string, labels: JsonMap, ports: PodEndpoint['ports'] = []): PodEndpoint {
  // Kubernetes labels every namespace with its name.
  return { namespace, namespaceLabels: { 'kubernetes.io/metadata.name': namespace }, labels, ports };
}

const api = podsOf('Rollout', 'sample-api');
const redis = podsOf('StatefulSet', 'sample-api-redis');
const ENDPOINTS = {
  api,
  redis,
  neighbour: pod(NAMESPACE, { app: 'debug' }),
  prometheus: pod('monitoring', { app: 'prometheus' }),
  ingress: pod('ingress-nginx', { app: 'controller' }),
  'a pod in monitoring-2': pod('monitoring-2', { app: 'prometheus' }),
  'the api of another namespace': {
    ...api,
    namespace: 'other',
    namespaceLabels: { 'kubernetes.io/metadata.name': 'other' },
  },
  'the redis of another namespace': {
    ...redis,
    namespace: 'other',
    namespaceLabels: { 'kubernetes.io/metadata.name': 'other' },
  },
  'kube-dns': pod('kube-system', { 'k8s-app': 'kube-dns' }),
  'another pod of kube-system': pod('kube-system', { 'k8s-app': 'metrics-server' }),
  'kube-dns of another namespace': pod('other', { 'k8s-app': 'kube-dns' }),
  'the internet': { address: '93.184.215.14' },
  'the cloud’s metadata': { address: '169.254.169.254' },
} satisfies Record<string, Endpoint>;
type Name = keyof typeof ENDPOINTS;

const TABLE: readonly (readonly [Name, Name, number, 'TCP' | 'UDP', 'may' | 'may not'])[] = [
  // The public port is open to all, the metrics to Prometheus alone.
  ['ingress', 'api', 8080, 'TCP', 'may'],
  ['neighbour', 'api', 8080, 'TCP', 'may'],
  ['the internet', 'api', 8080, 'TCP', 'may'],
  ['ingress', 'api', 8080, 'UDP', 'may not'],
  ['ingress', 'api', 8081, 'TCP', 'may not'],
  ['ingress', 'api', 9229, 'TCP', 'may not'],
  ['prometheus', 'api', 9090, 'TCP', 'may'],
  ['prometheus', 'api', 8080, 'TCP', 'may'],
  ['ingress', 'api', 9090, 'TCP', 'may not'],
  ['neighbour', 'api', 9090, 'TCP', 'may not'],
  ['redis', 'api', 9090, 'TCP', 'may not'],
  ['the internet', 'api', 9090, 'TCP', 'may not'],
  ['a pod in monitoring-2', 'api', 9090, 'TCP', 'may not'],
  // The API reaches its own backend and the cluster's names.
  ['api', 'redis', 6379, 'TCP', 'may'],
  ['api', 'redis', 6380, 'TCP', 'may not'],
  ['api', 'redis', 6379, 'UDP', 'may not'],
  ['api', 'the redis of another namespace', 6379, 'TCP', 'may not'],
  ['api', 'kube-dns', 53, 'UDP', 'may'],
  ['api', 'kube-dns', 53, 'TCP', 'may'],
  ['api', 'kube-dns', 9153, 'TCP', 'may not'],
  ['api', 'another pod of kube-system', 53, 'UDP', 'may not'],
  ['api', 'kube-dns of another namespace', 53, 'UDP', 'may not'],
  ['api', 'api', 8080, 'TCP', 'may not'],
  ['api', 'neighbour', 80, 'TCP', 'may not'],
  ['api', 'prometheus', 9090, 'TCP', 'may not'],
  ['api', 'the internet', 443, 'TCP', 'may not'],
  ['api', 'the cloud’s metadata', 80, 'TCP', 'may not'],
  // Nobody else reaches the backend, and it reaches nobody.
  ['neighbour', 'redis', 6379, 'TCP', 'may not'],
  ['ingress', 'redis', 6379, 'TCP', 'may not'],
  ['prometheus', 'redis', 6379, 'TCP', 'may not'],
  ['the internet', 'redis', 6379, 'TCP', 'may not'],
  ['the api of another namespace', 'redis', 6379, 'TCP', 'may not'],
  ['redis', 'redis', 6379, 'TCP', 'may not'],
  ['redis', 'api', 8080, 'TCP', 'may not'],
  ['redis', 'kube-dns', 53, 'UDP', 'may not'],
  ['redis', 'the internet', 443, 'TCP', 'may not'],
  // What no policy selects is none of their business.
  ['ingress', 'neighbour', 80, 'TCP', 'may'],
  ['neighbour', 'the internet', 443, 'TCP', 'may'],
  ['the api of another namespace', 'the redis of another namespace', 6379, 'TCP', 'may'],
];

test.each(TABLE)('%s → %s:%i/%s: %s', (from, to, port, protocol, may) => {
  const connection = { from: ENDPOINTS[from], to: ENDPOINTS[to], port, protocol };
  expect(allows(policies, connection)).toBe(may === 'may');
});

describe('the evaluator', () => {
  const subject = pod('a', { app: 'x' }, [{ name: 'web', containerPort: 8080 }]);
  const policy = (spec: JsonMap): readonly AppliedPolicy[] => [{ namespace: 'a', object: { spec } }];
  const reaches = (spec: JsonMap, from: Endpoint, port = 8080) =>
    allows(policy(spec), { from, to: subject, port, protocol: 'TCP' });
  const other = pod('b', { app: 'y' });
  const all = { podSelector: {} };

  test.each<readonly [string, JsonMap, Endpoint, number, boolean]>([
    ['no rule', { ...all, ingress: [] }, other, 8080, false],
    ['an empty rule', { ...all, ingress: [{}] }, other, 8080, true],
    ['a policy for others', { podSelector: { matchLabels: { app: 'z' } }, ingress: [] }, other, 8080, true],
    ['a policy for egress alone', { ...all, policyTypes: ['Egress'] }, other, 8080, true],
    ['a peer by pod, in another namespace', { ...all, ingress: [{ from: [{ podSelector: {} }] }] }, other, 8080, false],
    ['a peer by namespace', { ...all, ingress: [{ from: [{ namespaceSelector: {} }] }] }, other, 8080, true],
    [
      'a peer by both, one of which is wrong',
      { ...all, ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'z' } } }] }] },
      other,
      8080,
      false,
    ],
    [
      'two peers, one of which is right',
      { ...all, ingress: [{ from: [{ podSelector: {} }, { namespaceSelector: {} }] }] },
      other,
      8080,
      true,
    ],
    [
      'an address in the block',
      { ...all, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
      { address: '10.1.2.3' },
      8080,
      true,
    ],
    [
      'an address outside it',
      { ...all, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
      { address: '11.1.2.3' },
      8080,
      false,
    ],
    [
      'an address in its exception',
      { ...all, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }] },
      { address: '10.1.2.3' },
      8080,
      false,
    ],
    ['a port by its name', { ...all, ingress: [{ ports: [{ port: 'web' }] }] }, other, 8080, true],
    ['a name that is another port', { ...all, ingress: [{ ports: [{ port: 'db' }] }] }, other, 8080, false],
    ['the last port of a range', { ...all, ingress: [{ ports: [{ port: 8000, endPort: 8080 }] }] }, other, 8080, true],
    ['one past it', { ...all, ingress: [{ ports: [{ port: 8000, endPort: 8080 }] }] }, other, 8081, false],
    ['every port of a protocol', { ...all, ingress: [{ ports: [{ protocol: 'TCP' }] }] }, other, 1, true],
    ['another protocol', { ...all, ingress: [{ ports: [{ protocol: 'UDP' }] }] }, other, 8080, false],
  ])('%s', (_what, spec, from, port, isAllowed) => {
    expect(reaches(spec, from, port)).toBe(isAllowed);
  });

  test('needs both sides to let it pass', () => {
    const closed = { namespace: 'b', object: { spec: { ...all, policyTypes: ['Egress'] } } };
    expect(allows([closed], { from: other, to: subject, port: 8080, protocol: 'TCP' })).toBe(false);
  });
});
