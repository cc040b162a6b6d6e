import { describe, expect, test } from '@jest/globals';
import { at, type JsonMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import { createManifest } from '../../manifest/manifest.ts';
import { parseYaml } from '../../manifest/yaml.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import { clusterObjects } from './objects.ts';
import { storeObjects } from './stores.ts';
import { sampleWorkload, scenarioNamed } from './testing/sample.ts';
import { userObjects } from './users.ts';

const workload = await sampleWorkload();
const objectsOf = (scenario: Scenario, own: Workload = workload) => clusterObjects(own, scenario);
const envOf = (rollout: JsonMap) =>
  Object.fromEntries(
    listAt(rollout, ['spec', 'template', 'spec', 'containers', 0, 'env']).map((one) => [
      textAt(one, ['name']),
      textAt(one, ['value']) ?? 'from elsewhere',
    ]),
  );
const versionOf = (rollout: JsonMap) =>
  textAt(rollout, ['spec', 'template', 'metadata', 'annotations', 'rehearse/version']) ?? '';

/** The workload with one object more. */
function withObject(yaml: string): Workload {
  const text = parseYaml(yaml).documents[0]?.toJS() as JsonMap;
  return {
    ...workload,
    manifests: [...workload.manifests, createManifest({ file: 'more.yaml', text: yaml }, 0, [], text)],
  };
}

describe('clusterObjects', () => {
  test('applies the folder as it is to the namespace, the Rollout apart', () => {
    const { others, stable } = objectsOf(scenarioNamed('good'));
    const kinds = others.map(({ kind }) => kind).toSorted();
    expect(kinds).toEqual([
      'AnalysisTemplate',
      'AnalysisTemplate',
      'NetworkPolicy',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Secret',
      'Service',
      'Service',
      'ServiceAccount',
      'ServiceMonitor',
      'StatefulSet',
    ]);
    expect(new Set([...others, stable].map((object) => at(object, ['metadata', 'namespace'])))).toEqual(
      new Set(['home']),
    );
    expect(mapAt(stable, ['spec', 'strategy'])).toEqual(mapAt(workload.rollout.manifest.object, ['spec', 'strategy']));
  });

  test('makes two versions of one template where the release changes nothing, and never the same twice', () => {
    const { stable, canary } = objectsOf(scenarioNamed('good'));
    expect(envOf(canary)).toEqual(envOf(stable));
    expect(versionOf(stable)).toMatch(/^stable-[0-9a-f]{8}$/);
    expect(versionOf(canary)).toMatch(/^canary-[0-9a-f]{8}$/);
    expect(versionOf(objectsOf(scenarioNamed('good')).stable)).not.toBe(versionOf(stable));
  });

  test('sets the release’s variables in the new version alone, the old one’s in the old', () => {
    const bad = objectsOf(scenarioNamed('bad-backend'));
    expect(envOf(bad.canary).BACKEND_URL).toBe('redis://nobody-listens-here:6379');
    expect(envOf(bad.stable).BACKEND_URL).toBe('redis://sample-api-redis:6379');
    expect(Object.keys(envOf(bad.canary)).length).toBe(Object.keys(envOf(bad.stable)).length);
    const fix = objectsOf(scenarioNamed('fix-forward'));
    expect([envOf(fix.stable).FAULT_ERROR_RATIO, envOf(fix.canary).FAULT_ERROR_RATIO]).toEqual(['0.5', undefined]);
  });

  test('makes the Secret that the manifests name by its keys', () => {
    const { others, mappings } = objectsOf(scenarioNamed('good'));
    const secret = others.find(({ kind }) => kind === 'Secret');
    expect(textAt(secret, ['metadata', 'name'])).toBe('sample-api-backend-v1');
    expect(textAt(secret, ['stringData', 'password'])).toMatch(/^[0-9a-f]{48}$/);
    expect(mappings).toEqual([
      { name: 'Secret sample-api-backend-v1', from: 'not among the manifests', to: 'random values' },
    ]);
  });

  test('refuses a Secret whose keys nothing names, unless it is optional', () => {
    const deployment = (reference: string) =>
      withObject(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: other }
spec: { template: { spec: { containers: [{ name: a, image: b, envFrom: [{ secretRef: ${reference} }] }] } } }
`);
    expect(() => objectsOf(scenarioNamed('good'), deployment('{ name: hidden }'))).toThrow(
      "more.yaml: Secret 'hidden' is not among the manifests, and only a secretKeyRef says which keys it must have",
    );
    expect(() => objectsOf(scenarioNamed('good'), deployment('{ name: hidden, optional: true }'))).not.toThrow();
  });

  test.each(['Ingress', 'PrometheusRule', 'ClusterAnalysisTemplate', 'Application'])(
    'leaves out a %s, and says so',
    (kind) => {
      const { others, mappings } = objectsOf(
        scenarioNamed('good'),
        withObject(`{ apiVersion: example.com/v1, kind: ${kind}, metadata: { name: other } }`),
      );
      expect(others.some((object) => object.kind === kind)).toBe(false);
      expect(mappings).toContainEqual({ name: `${kind} other`, from: 'in the folder', to: 'left out' });
    },
  );

  test('lets users in and the stores of a scenario be reached where policies restrict that', () => {
    const { others } = objectsOf(scenarioNamed('good-repoint'));
    const peers = [{ podSelector: { matchLabels: { 'rehearse/part-of': 'rehearsal' } } }];
    for (const policy of others.filter(({ kind }) => kind === 'NetworkPolicy')) {
      expect(listAt(policy, ['spec', 'ingress']).at(-1)).toEqual({ from: peers });
      expect(listAt(policy, ['spec', 'egress']).at(-1)).toEqual({ to: peers });
    }
  });

  test('points the templates at nobody where Prometheus is down from the beginning', () => {
    const { others } = objectsOf(scenarioNamed('prometheus-down'));
    const addresses = others
      .filter(({ kind }) => kind === 'AnalysisTemplate')
      .map((template) => textAt(template, ['spec', 'metrics', 0, 'provider', 'prometheus', 'address']));
    expect(addresses).toEqual(['http://nobody-listens-here:9090', 'http://nobody-listens-here:9090']);
  });

  test.each([
    ['pods that die after so many requests', scenarioNamed('crash-under-load'), /does not play crashesAfterRequests/],
    [
      'a Prometheus that comes back',
      { ...scenarioNamed('good'), outages: [{ what: 'prometheus', after: 3, seconds: 10 }] } as Scenario,
      /does not play prometheusDown with `after` or `seconds`/,
    ],
  ])('refuses %s', (_, scenario, message) => {
    expect(() => objectsOf(scenario)).toThrow(message);
  });
});

describe('storeObjects', () => {
  test('makes a Redis of the workload’s own image that says who it is', () => {
    const [service, deployment] = storeObjects(workload, scenarioNamed('good-repoint'));
    expect(textAt(service, ['metadata', 'name'])).toBe('sample-api-redis-2');
    const [container] = listAt(deployment, ['spec', 'template', 'spec', 'containers']);
    expect(textAt(container, ['image'])).toBe('redis:8.10.2-trixie');
    expect(listAt(container, ['env'])).toEqual([
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'sample-api-backend-v1', key: 'password' } } },
      { name: 'STORE_ID', value: 'sample-api-redis' },
    ]);
  });

  test('makes one that says nothing', () => {
    const [, deployment] = storeObjects(workload, scenarioNamed('empty-backend'));
    const env = listAt(deployment, ['spec', 'template', 'spec', 'containers', 0, 'env']);
    expect(env.map((one) => textAt(one, ['name']))).toEqual(['PASSWORD']);
  });

  test('refuses a store that is no Redis', () => {
    const scenario = { ...scenarioNamed('good'), env: { URL: 'postgres://other:5432/db' }, stores: { other: 'id' } };
    expect(() => storeObjects(workload, scenario)).toThrow('makes stores of Redis alone');
  });
});

describe('userObjects', () => {
  const jobOf = (...args: Parameters<typeof userObjects>) => userObjects(...args).at(-1);
  const container = (job: JsonMap | undefined) => listAt(job, ['spec', 'template', 'spec', 'containers'])[0];

  test('asks the Service of the Rollout’s pods, from the workload’s own image', () => {
    const own = container(jobOf(workload, scenarioNamed('good'), '/api/items'));
    expect(textAt(own, ['image'])).toBe('ghcr.io/example/sample-api:0.1.0');
    expect(at(own, ['command'])).toEqual(['node', '/users/program.ts', 'http://sample-api:80/api/items', '50']);
  });

  test('takes another image with Node', () => {
    expect(textAt(container(jobOf(workload, scenarioNamed('good'), '/', 'node:26')), ['image'])).toBe('node:26');
  });

  test('makes nobody for a scenario in which nobody asks', () => {
    expect(userObjects(workload, scenarioNamed('idle'), '/')).toEqual([]);
  });

  test('says that users have no address without a Service', () => {
    const manifests = workload.manifests.filter(({ kind }) => kind !== 'Service');
    expect(() => userObjects({ ...workload, manifests }, scenarioNamed('good'), '/')).toThrow(
      "no Service among the manifests selects the pods of Rollout 'sample-api'",
    );
  });
});
