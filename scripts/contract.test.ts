import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort, type RunningProcess, spawnService, startProcess } from '../api/testing/start-process.ts';
import { ARGO_ROLLOUTS_VERSION } from './argo/version.ts';
import { main as verify } from './cli/verify.ts';
import { at, type Json, listAt, mapAt, textAt } from './manifest/json.ts';
import { loadManifests } from './manifest/load.ts';
import type { Manifest } from './manifest/manifest.ts';

// Where the two halves meet: what the manifests name, the real API must serve.

const root = new URL('..', import.meta.url).pathname;
const { manifests } = await loadManifests(['workloads/sample-api'], root);
const one = (kind: string): Manifest => {
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.name === 'sample-api');
  if (found === undefined) {
    throw new Error(`workloads/sample-api has no ${kind} 'sample-api'`);
  }
  return found;
};
const container = mapAt(listAt(one('Rollout').object, ['spec', 'template', 'spec', 'containers'])[0]);
const env = new Map(
  listAt(container, ['env']).map((variable) => [textAt(variable, ['name']) ?? '', textAt(variable, ['value'])]),
);
/** The variable that sets the port which a manifest names, through the container's own list. */
const variableOf = (port: Json | undefined): string => {
  const declared = listAt(container, ['ports']).find((candidate) => textAt(candidate, ['name']) === port);
  const number = String(at(declared, ['containerPort']));
  return [...env].find(([, value]) => value === number)?.[0] ?? `no variable is ${port} (${number})`;
};

const ports: Record<string, number> = {};
let api: RunningProcess;

beforeAll(async () => {
  ports.PORT = await freePort();
  ports.METRICS_PORT = await freePort();
  const given = [...env].flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
  api = await startProcess({
    ...Object.fromEntries(given),
    PORT: String(ports.PORT),
    METRICS_PORT: String(ports.METRICS_PORT),
    // The embedded store of the name that the manifest's backend must have.
    BACKEND_URL: `memory:${env.get('BACKEND_ID')}`,
    DRAIN_SECONDS: '0',
  });
});
afterAll(() => api.stop());

test('every variable that the Rollout sets is one that the API reads', async () => {
  // The API refuses a variable that is set and empty, and names every one.
  const names = [...env].filter(([, value]) => value !== undefined).map(([name]) => name);
  const service = await spawnService(Object.fromEntries(names.map((name) => [name, ''])));
  expect(await service.exit).toBe(3);
  for (const name of names) {
    expect(service.output.stderr).toContain(`${name} must`);
  }
});

describe('ports and probes', () => {
  test.each(['readinessProbe', 'livenessProbe'])('the %s succeeds on its port and path', async (probe) => {
    const { path, port } = mapAt(container, [probe, 'httpGet']);
    const answer = await fetch(`http://127.0.0.1:${ports[variableOf(port ?? null)]}${path}`);
    expect(answer.status).toBe(200);
  });

  test('readiness is asked of the port that users use', () => {
    const users = listAt(one('Service').object, ['spec', 'ports']).find((port) => at(port, ['port']) === 80);
    expect(at(container, ['readinessProbe', 'httpGet', 'port'])).toBe(at(users, ['targetPort']));
  });

  test('every port of the Service is one that the API listens on', async () => {
    for (const port of listAt(one('Service').object, ['spec', 'ports'])) {
      const answer = await fetch(`http://127.0.0.1:${ports[variableOf(at(port, ['targetPort']))]}/livez`);
      expect(answer.status).toBe(200);
    }
  });

  test('the metrics are where the ServiceMonitor looks, and not where users are', async () => {
    const endpoint = listAt(one('ServiceMonitor').object, ['spec', 'endpoints'])[0];
    const named = listAt(one('Service').object, ['spec', 'ports']).find(
      (port) => at(port, ['name']) === at(endpoint, ['port']),
    );
    const variable = variableOf(at(named, ['targetPort']));
    expect(variable).toBe('METRICS_PORT');
    const path = textAt(endpoint, ['path']);
    expect((await fetch(`http://127.0.0.1:${ports.METRICS_PORT}${path}`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${ports.PORT}${path}`)).status).toBe(404);
  });
});

/** Everything that `verify --against` the running API prints. */
async function verifyAgainst(paths: readonly string[], input = ''): Promise<string> {
  const out = new PassThrough();
  const err = new PassThrough();
  const addresses = [ports.PORT, ports.METRICS_PORT].flatMap((port) => ['--against', `http://127.0.0.1:${port}`]);
  const stdin = new PassThrough();
  stdin.end(input);
  await verify([...paths, ...addresses], { out, err, cwd: root, input: stdin });
  out.end();
  err.end();
  return (await text(out)) + (await text(err));
}

describe('verify --against the API', () => {
  test('finds every metric, label and value of gate, alerts and dashboard', async () => {
    expect(await verifyAgainst(['workloads/sample-api', 'k8s'])).toBe('');
  });

  test.each([
    ['http_requests_total{', 'http_request_total{', 'live/metric'],
    ['code!~', 'status!~', 'live/label'],
    ['code!~"5.."', 'code!~"5xx"', 'live/value'],
    ['rate(http_requests_total', 'rate(http_requests_in_flight', 'live/type'],
  ])('says so when %s is %s [%s]', async (from, to, rule) => {
    const template = manifests.find(({ name }) => name === 'sample-api-success-rate')?.source.text ?? '';
    expect(template).toContain(from);
    expect(await verifyAgainst(['-'], template.replaceAll(from, to))).toContain(`[${rule}]`);
  });
});

test('the image runs the Node that the tests run', () => {
  const [, image] = /^ARG NODE_IMAGE=node:([\d.]+)-/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8')) ?? [];
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(image).toBe(devDependencies.node);
});

test('the cluster gets the controller that the engine follows', async () => {
  const { manifests } = await loadManifests(['k8s/argocd/argo-rollouts.yaml'], root);
  const [application] = manifests;
  const image = at(application?.object ?? null, [
    'spec',
    'source',
    'helm',
    'valuesObject',
    'controller',
    'image',
    'tag',
  ]);
  expect(image).toBe(ARGO_ROLLOUTS_VERSION);
});
