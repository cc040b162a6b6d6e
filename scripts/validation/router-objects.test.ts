import { expect, test } from '@jest/globals';
import type { Json, JsonMap } from '../manifest/json.ts';
import { createManifest } from '../manifest/manifest.ts';
import { createObjects } from '../workload/objects.ts';
import { routerProblems } from './router-objects.ts';

const istio = (fields: JsonMap = {}): JsonMap => ({ istio: { virtualService: { name: 'shop', ...fields } } });
const route = (hosts: readonly string[], fields: JsonMap = {}): JsonMap => ({
  route: hosts.map((host) => ({ destination: { host } })),
  ...fields,
});
const both = ['shop', 'shop-canary'];
const virtualService = (spec: JsonMap, name = 'shop'): JsonMap => ({
  kind: 'VirtualService',
  metadata: { name },
  spec,
});
const ingress = (service: JsonMap): JsonMap => ({
  kind: 'Ingress',
  metadata: { name: 'shop' },
  spec: { rules: [{ http: { paths: [{ backend: service }] } }] },
});
const toService = (name: string) => ingress({ service: { name } });

function messages(trafficRouting: JsonMap, others: readonly JsonMap[], canary: JsonMap = {}): readonly string[] {
  const services = { canaryService: 'shop-canary', stableService: 'shop' };
  const strategy = { canary: { ...services, trafficRouting, ...canary } };
  const rollout: JsonMap = { kind: 'Rollout', metadata: { name: 'shop', namespace: 'web' }, spec: { strategy } };
  const source = { file: 'shop.yaml', text: '' };
  const manifests = [rollout, ...others].map((object, index) => createManifest(source, index, [], object));
  const [first] = manifests;
  if (first === undefined) {
    throw new Error('no Rollout');
  }
  return [...routerProblems(createObjects(manifests), first)].map(({ message }) => message);
}

test.each<readonly [string, JsonMap, readonly JsonMap[], string | undefined]>([
  ['no object of the router among the manifests', istio(), [], undefined],
  ['a route to both Services', istio(), [virtualService({ http: [route(both)] })], undefined],
  [
    'hosts with their namespace',
    istio(),
    [virtualService({ http: [route(both.map((name) => `${name}.web.svc`))] })],
    undefined,
  ],
  [
    'a route to one Service',
    istio(),
    [virtualService({ http: [route(['shop'])] })],
    "the http route of VirtualService 'shop' must have Service 'shop-canary' as a destination",
  ],
  ['no routes at all', istio(), [virtualService({})], "VirtualService 'shop' must have http, tls or tcp routes"],
  [
    'two routes, none named',
    istio(),
    [virtualService({ http: [route(both), route(both)] })],
    "VirtualService 'shop' must have one http route, got 2, unless `routes` says which",
  ],
  [
    'a second route that the controller manages',
    { ...istio(), managedRoutes: [{ name: 'by-header' }] },
    [virtualService({ http: [route(both, { name: 'by-header' }), route(both)] })],
    undefined,
  ],
  [
    'a route by its name',
    istio({ routes: ['main'] }),
    [virtualService({ http: [route(['other']), route(both, { name: 'main' })] })],
    undefined,
  ],
  [
    'a name that no route has',
    istio({ routes: ['main'] }),
    [virtualService({ http: [route(both)] })],
    "VirtualService 'shop' must have every route of `routes`",
  ],
  [
    'TLS routes by port and hosts',
    istio({ tlsRoutes: [{ port: 443, sniHosts: ['a', 'b'] }] }),
    [virtualService({ tls: [route([]), route(both, { match: [{ port: 443, sniHosts: ['b', 'a'] }] })] })],
    undefined,
  ],
  [
    'a TCP route by another port',
    istio({ tcpRoutes: [{ port: 80 }] }),
    [virtualService({ tcp: [route(both, { match: [{ port: 81 }] })] })],
    "VirtualService 'shop' must have every route of `tcpRoutes`",
  ],
  [
    'a subset of a DestinationRule that no route has',
    {
      istio: {
        virtualService: { name: 'shop' },
        destinationRule: { canarySubsetName: 'new', stableSubsetName: 'old' },
      },
    },
    [virtualService({ http: [{ route: [{ destination: { host: 'shop', subset: 'old' } }] }] })],
    "the http route of VirtualService 'shop' must have subset 'new' as a destination",
  ],
  [
    'both or neither of a VirtualService and a list',
    { istio: {} },
    [],
    'istio must have exactly one of `virtualService` and `virtualServices`',
  ],
  [
    'one of a list',
    { istio: { virtualServices: [{ name: 'shop' }, { name: 'api.web' }] } },
    [virtualService({ http: [route(both)] }), virtualService({ http: [route(['api'])] }, 'api')],
    "the http route of VirtualService 'api' must have Service 'shop-canary' as a destination",
  ],
  [
    'one in another namespace is not looked at',
    istio({ name: 'shop.mesh' }),
    [virtualService({ http: [route([])] })],
    undefined,
  ],
  ['an Ingress to the stable Service', { nginx: { stableIngress: 'shop' } }, [toService('shop')], undefined],
  [
    'an Ingress to another Service',
    { nginx: { stableIngresses: ['shop'] } },
    [toService('api')],
    "Ingress 'shop' must have a rule with a path to Service 'shop'",
  ],
  [
    'an Ingress of extensions/v1beta1',
    { nginx: { stableIngress: 'shop' } },
    [ingress({ serviceName: 'shop' })],
    undefined,
  ],
  [
    'both fields for an Ingress',
    { nginx: { stableIngress: 'shop', stableIngresses: ['shop'] } },
    [],
    'nginx must have exactly one of `stableIngress` and `stableIngresses`',
  ],
  [
    'an ALB Ingress to the stable Service in place of the root',
    { alb: { ingress: 'shop', rootService: 'root' } },
    [toService('shop')],
    "Ingress 'shop' must have a rule with a path to Service 'root'",
  ],
  [
    'an Ambassador Mapping with a weight',
    { ambassador: { mappings: ['shop'] } },
    [{ kind: 'Mapping', metadata: { name: 'shop' }, spec: { weight: 10 } }],
    "Mapping 'shop' must not have a `weight`: the controller writes one beside it",
  ],
])('%s', (_, trafficRouting, others, message) => {
  expect(messages(trafficRouting, others)).toEqual(message === undefined ? [] : [message]);
});

test('both Services of a ping-pong pair are destinations', () => {
  const pingPong: Json = { pingService: 'ping', pongService: 'pong' };
  const canary = { canaryService: '', stableService: '', pingPong };
  expect(messages(istio(), [virtualService({ http: [route(['ping', 'pong'])] })], canary)).toEqual([]);
  expect(messages(istio(), [virtualService({ http: [route(['ping'])] })], canary)).toEqual([
    "the http route of VirtualService 'shop' must have Service 'pong' as a destination",
  ]);
});
