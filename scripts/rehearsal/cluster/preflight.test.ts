import { afterEach, describe, expect, test } from '@jest/globals';
import { parsePromql } from '../../promql/parse.ts';
import { clusterObjects } from './objects.ts';
import { findMissing } from './preflight.ts';
import { type ApiServerSettings, FakeApiServer } from './testing/api-server.ts';
import { connectTo } from './testing/connect.ts';
import { sampleWorkload, scenarioNamed } from './testing/sample.ts';

const workload = await sampleWorkload();
let server: FakeApiServer;
afterEach(() => server.close());

const PROMETHEUS = { kind: 'Service', metadata: { name: 'prometheus-operated', namespace: 'monitoring' } };
const DEFAULT_CLASS = {
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
};

async function missing(settings: ApiServerSettings = {}, there = [PROMETHEUS, DEFAULT_CLASS], scenario = 'good') {
  server = await FakeApiServer.start(settings);
  for (const object of there) {
    server.put(object);
  }
  const played = scenarioNamed(scenario);
  const objects = clusterObjects(workload, played);
  const found = await findMissing(connectTo(server.url), { workload, scenario: played, objects });
  expect(server.writes).toEqual([]);
  return found;
}

describe('findMissing', () => {
  test('refuses a query that asks for another namespace than the one it is played in', async () => {
    server = await FakeApiServer.start();
    server.put(PROMETHEUS);
    server.put(DEFAULT_CLASS);
    const [first, ...others] = workload.metrics;
    const query = 'sum(rate(http_requests_total{namespace="sample-api"}[1m]))';
    const own = {
      ...workload,
      metrics: first === undefined ? [] : [{ ...first, query, expr: parsePromql(query) }, ...others],
    };
    const scenario = scenarioNamed('good');
    const needs = { workload: own, scenario, objects: clusterObjects(own, scenario) };
    expect(await findMissing(connectTo(server.url), needs)).toEqual([
      expect.stringMatching(/:\d+: the query asks for namespace="sample-api", the rehearsal is in 'home': /),
    ]);
  });

  test('finds nothing in a cluster that has everything', async () => {
    expect(await missing()).toEqual([]);
  });

  test('names the kinds that are not there, with what brings them', async () => {
    expect(await missing({ without: ['Rollout', 'AnalysisRun', 'AnalysisTemplate', 'ServiceMonitor'] })).toEqual([
      'the cluster has no kind Rollout (argoproj.io/v1alpha1): install Argo Rollouts',
      'the cluster has no kind AnalysisRun (argoproj.io/v1alpha1): install Argo Rollouts',
      'the cluster has no kind AnalysisTemplate (argoproj.io/v1alpha1): install Argo Rollouts',
      'the cluster has no kind ServiceMonitor (monitoring.coreos.com/v1): install the Prometheus operator',
    ]);
  });

  test('names each verb on each resource that is not allowed', async () => {
    expect(
      await missing({ forbidden: ['create namespaces', 'delete namespaces', 'patch rollouts', 'get pods/log'] }),
    ).toEqual([
      "context 'kind-test' may not create, delete namespaces: have a Role that allows it bound to you, or choose another --context",
      "context 'kind-test' may not get pods/log: have a Role that allows it bound to you, or choose another --context",
      "context 'kind-test' may not patch rollouts.argoproj.io: have a Role that allows it bound to you, or choose another --context",
    ]);
  });

  test('does without what it may not look at', async () => {
    expect(await missing({ forbidden: ['list storageclasses', 'list services'] }, [] as never)).toEqual([]);
  });

  test('asks for the users’ and the stores’ objects too', async () => {
    const forbidden = ['create jobs', 'patch deployments'];
    const lines = await missing({ forbidden }, undefined, 'good-repoint');
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      "context 'kind-test' may not patch deployments.apps",
      "context 'kind-test' may not create jobs.batch",
    ]);
  });

  test('asks for no more than the scenario needs', async () => {
    expect(await missing({ forbidden: ['get pods/log', 'delete pods'] }, undefined, 'idle')).toEqual([]);
    await server.close();
    const [line] = await missing({ forbidden: ['get pods/log', 'delete pods'] }, undefined, 'backend-outage');
    expect(line).toContain('may not get pods/log');
  });

  test('says that no Prometheus is where the templates look for it', async () => {
    const lines = await missing({}, [DEFAULT_CLASS] as never);
    expect(lines).toEqual([
      expect.stringMatching(
        /^workloads\/sample-api\/analysis-template-(latency|success-rate)\.yaml:\d+:\d+: no Prometheus at http:\/\/prometheus-operated\.monitoring:9090: there is no Service 'prometheus-operated' in namespace 'monitoring'; name the right one$/,
      ),
    ]);
  });

  test('does not miss a Prometheus that is to be down', async () => {
    expect(await missing({}, [DEFAULT_CLASS] as never, 'prometheus-down')).toEqual([]);
  });

  test('says that a volume without a storageClassName has no default to fall back on', async () => {
    expect(await missing({}, [PROMETHEUS] as never)).toEqual([
      expect.stringMatching(
        /^workloads\/sample-api\/redis-stateful-set\.yaml:\d+:\d+: the volume names no storageClassName and the cluster has no default StorageClass: /,
      ),
    ]);
  });
});
