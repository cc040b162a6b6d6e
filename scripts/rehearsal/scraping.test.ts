import { expect, test } from '@jest/globals';
import type { JsonMap } from '../manifest/json.ts';
import { createManifest } from '../manifest/manifest.ts';
import { createObjects } from '../workload/objects.ts';
import { readRollout } from '../workload/rollout.ts';
import { CANARY, STABLE } from './release.ts';
import { isTarget, readScraping } from './scraping.ts';

const LABELS = { app: 'shop', 'app.kubernetes.io/version': 'v2' };
const rollout = (canary: JsonMap): JsonMap => ({
  kind: 'Rollout',
  metadata: { name: 'shop' },
  spec: {
    template: {
      metadata: { labels: LABELS },
      spec: { containers: [{ name: 'shop', ports: [{ name: 'http', containerPort: 8080 }] }] },
    },
    strategy: { canary },
  },
});
const service = (name: string, labels: JsonMap = {}): JsonMap => ({
  kind: 'Service',
  metadata: { name, labels: { app: 'shop', ...labels } },
  spec: { selector: { app: 'shop' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
});
const monitor = (kind: string, spec: JsonMap): JsonMap => ({
  kind,
  metadata: { name: 'watch', namespace: 'shop-ns' },
  spec: { selector: { matchLabels: { app: 'shop' } }, ...spec },
});

/** The labels that each scrape adds to a version's pods. */
function targets(hash: string, ...objects: readonly JsonMap[]): readonly Readonly<Record<string, string>>[] {
  const manifests = objects.map((object) => createManifest({ file: 'shop/all.yaml', text: '' }, 0, [], object));
  const [first] = manifests;
  const scraping =
    first &&
    readScraping(
      createObjects(manifests),
      readRollout(first, () => undefined),
    );
  return (scraping?.targetsOf(hash) ?? []).map(({ labels }) => Object.fromEntries(labels));
}

const ENDPOINTS = { endpoints: [{ port: 'http', interval: '5s' }] };

test('a monitor copies labels of the pod and of the Service, and names the job', () => {
  const asked = { podTargetLabels: ['app.kubernetes.io/version', 'none'], targetLabels: ['team'], jobLabel: 'team' };
  expect(
    targets(
      CANARY,
      rollout({}),
      service('shop', { team: 'orders' }),
      monitor('ServiceMonitor', { ...asked, ...ENDPOINTS }),
    ),
  ).toEqual([{ service: 'shop', team: 'orders', app_kubernetes_io_version: 'v2', job: 'orders', endpoint: 'http' }]);
});

test.each([
  [CANARY, 'canary', CANARY],
  [STABLE, 'stable', STABLE],
])('ephemeral metadata and the hash are labels of the pods of %s', (hash, role, value) => {
  const canary = { canaryMetadata: { labels: { role: 'canary' } }, stableMetadata: { labels: { role: 'stable' } } };
  const asked = { podTargetLabels: ['role', 'rollouts-pod-template-hash'], ...ENDPOINTS };
  expect(targets(hash, rollout(canary), service('shop'), monitor('ServiceMonitor', asked))).toEqual([
    { service: 'shop', role, rollouts_pod_template_hash: value, job: 'shop', endpoint: 'http' },
  ]);
});

test('a pod is a target of each Service that selects it: the controller points its own at one version', () => {
  const all = [
    rollout({ canaryService: 'shop-canary', stableService: 'shop-stable' }),
    ...['shop', 'shop-canary', 'shop-stable'].map((name) => service(name)),
    monitor('ServiceMonitor', ENDPOINTS),
  ];
  const through = (hash: string, services: Readonly<Record<string, string>>) =>
    targets(hash, ...all)
      .filter((labels) => isTarget(new Map(Object.entries(labels)), hash, new Map(Object.entries(services))))
      .map(({ service: name }) => name);
  const before = { 'shop-canary': STABLE, 'shop-stable': STABLE };
  expect(through(STABLE, before)).toEqual(['shop', 'shop-canary', 'shop-stable']);
  expect(through(CANARY, before)).toEqual(['shop']);
  expect(through(STABLE, { ...before, 'shop-canary': CANARY })).toEqual(['shop', 'shop-stable']);
  expect(through(CANARY, { ...before, 'shop-canary': CANARY })).toEqual(['shop', 'shop-canary']);
  expect(through(CANARY, {})).toEqual(['shop', 'shop-canary', 'shop-stable']);
});

test('a PodMonitor has no Service, and its job is its own name', () => {
  const spec = { podMetricsEndpoints: [{ port: 'http' }], podTargetLabels: ['app'] };
  expect(targets(CANARY, rollout({}), monitor('PodMonitor', spec))).toEqual([
    { app: 'shop', job: 'shop-ns/watch', endpoint: 'http' },
  ]);
});

test.each<{ readonly what: string; readonly relabelings: readonly JsonMap[]; readonly labels: object }>([
  {
    what: 'copies a label of the pod',
    relabelings: [
      {
        sourceLabels: ['__meta_kubernetes_pod_label_rollouts_pod_template_hash'],
        targetLabel: 'rollouts_pod_template_hash',
      },
    ],
    labels: { rollouts_pod_template_hash: CANARY },
  },
  {
    what: 'joins what it reads, and takes a part of it',
    relabelings: [
      {
        sourceLabels: ['service', '__meta_kubernetes_pod_label_app'],
        regex: '(\\w)\\w*;(.+)',
        replacement: '$1-$2',
        targetLabel: 'x',
      },
    ],
    labels: { x: 's-shop' },
  },
  {
    what: 'maps the names of labels',
    relabelings: [{ action: 'labelmap', regex: '__meta_kubernetes_pod_label_(app_.+)' }],
    labels: { app_kubernetes_io_version: 'v2' },
  },
  {
    what: 'leaves a label alone whose source does not match',
    relabelings: [{ sourceLabels: ['service'], regex: 'other', targetLabel: 'job', replacement: 'renamed' }],
    labels: {},
  },
  {
    what: 'leaves out a label that it drops',
    relabelings: [
      { targetLabel: 'region', replacement: 'eu' },
      { action: 'labeldrop', regex: 'reg.*|none' },
    ],
    labels: {},
  },
  {
    what: 'says nothing of a label whose source is not in the files',
    relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' }],
    labels: {},
  },
])('a relabeling of a monitor $what', ({ relabelings, labels }) => {
  const asked = { endpoints: [{ port: 'http', relabelings }] };
  expect(targets(CANARY, rollout({}), service('shop'), monitor('ServiceMonitor', asked))).toEqual([
    { service: 'shop', job: 'shop', endpoint: 'http', ...labels },
  ]);
});

test('a pod that a relabeling drops is no target', () => {
  const by = (action: string, regex: string) => {
    const relabelings = [{ action, sourceLabels: ['__meta_kubernetes_service_label_app'], regex }];
    const asked = { endpoints: [{ port: 'http', relabelings }] };
    return targets(CANARY, rollout({}), service('shop'), monitor('ServiceMonitor', asked)).length;
  };
  expect([by('keep', 'shop'), by('keep', 'sho'), by('drop', 'shop'), by('drop', 'sho')]).toEqual([1, 0, 0, 1]);
});
