import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readSource } from '../manifest/read-source.ts';
import { createModel } from './model/model.ts';
import { playModel } from './model/world.ts';
import { type PlainFaults, plainScenario } from './plain-scenario.ts';
import { readWorkload } from './workload.ts';

// Four pods of a Rollout, two of the Deployment that its workloadRef names; the gate reads the whole app every 20 s from step 1 on.
const text = readFileSync(new URL('testdata/silent/31-workloadRef.yaml', import.meta.url), 'utf8');
const KEPT = text.replace('scaleDown: onsuccess', 'scaleDown: never');
const BY_HASH = KEPT.replace('podTargetLabels: []', 'podTargetLabels: [rollouts-pod-template-hash]')
  .replace(
    'templates: [{templateName: t}]',
    'templates: [{templateName: t}]\n        args: [{name: hash, valueFrom: {podTemplateHashValue: Latest}}]',
  )
  .replace('spec:\n\n  metrics', 'spec:\n  args: [{name: hash}]\n  metrics')
  .replace(
    /query: ".*"/,
    `query: 'sum(rate(http_requests_total{rollouts_pod_template_hash="{{args.hash}}",code!~"5.."}[1m])) / sum(rate(http_requests_total{rollouts_pod_template_hash="{{args.hash}}"}[1m]))'`,
  );
const ROUTED = BY_HASH.replace(
  'canary:',
  'canary: \n      canaryService: c\n      stableService: s\n      trafficRouting: {nginx: {stableIngress: app}}',
).concat(
  ...['c', 's'].map(
    (name) =>
      `\n---\n{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {selector: {app: app}, ports: [{port: 80}]}}`,
  ),
);

function model(manifests: string) {
  return createModel(readWorkload('app', readSource({ file: 'app.yaml', text: manifests }).manifests));
}

function play(manifests: string, faults: PlainFaults = {}) {
  const { verdict, lost, seconds, samples, events } = playModel(model(manifests), plainScenario(100, faults));
  const reads = events.flatMap((event) => (event.event === 'measurement' ? [event.value] : []));
  return { verdict, lost, seconds, reads, firstSeconds: samples.slice(0, 10).map((sample) => sample.lost) };
}
const FAILING = { canary: { failureRatio: 1 } };

test('a Deployment’s own pods get the new version at once, and go on losing requests when the Rollout has aborted', () => {
  const { verdict, firstSeconds, lost, seconds } = play(KEPT, FAILING);
  expect(verdict).toBe('aborted');
  // Two of six pods are the Deployment's; within three seconds both have the new version, and the canary's first pod comes.
  expect(firstSeconds[5]).toBeGreaterThan(40);
  expect(lost / (seconds * 100)).toBeGreaterThan(0.3);
  const after = playModel(model(KEPT), plainScenario(100, FAILING)).samples.slice(-3);
  expect(after.map((sample) => Math.round(sample.lost / 10))).toEqual([3, 3, 3]);
  expect(play(KEPT).verdict).toBe('promoted');
  expect(play(KEPT).lost).toBe(0);
});

test('a query of the whole app counts them, one by the canary’s hash does not', () => {
  const some = { canary: { failureRatio: 0.1 } };
  // When three of six pods have been new for the whole window.
  const whole = Number(play(KEPT, some).reads[3]?.slice(1, -1));
  expect(whole).toBeCloseTo(1 - (0.1 * 3) / 6, 2);
  expect(Number(play(BY_HASH, some).reads.at(-1)?.slice(1, -1))).toBeCloseTo(0.9, 1);
});

test('with a traffic router they get no requests', () => {
  expect(play(ROUTED, FAILING).firstSeconds[0]).toBe(0);
  const { lost, verdict } = play(ROUTED, { canary: { neverReady: true } });
  expect({ lost, verdict }).toEqual({ lost: 0, verdict: 'stuck' });
});

test.each([
  ['scaled down, and brought back by the release that writes `replicas`', text, 40],
  ['scaled down progressively', text.replace('onsuccess', 'progressively'), 40],
  ['scaled down, and `replicas` is left out', text.replace('  replicas: 2\n', ''), 0],
  ['without pods', KEPT.replace('replicas: 2', 'replicas: 0'), 0],
  ['paused', KEPT.replace('replicas: 2', 'replicas: 2\n  paused: true'), 0],
  ['recreated', KEPT.replace('replicas: 2', 'replicas: 2\n  strategy: {type: Recreate}'), 30],
])('a Deployment that is %s', (_, manifests, least) => {
  const { firstSeconds } = play(manifests, { canary: { failureRatio: 1 } });
  // Without the canary's own pod, which comes after about two seconds: one of five to seven pods.
  expect((firstSeconds[8] ?? 0) >= least).toBe(true);
  expect((firstSeconds[8] ?? 0) < 26).toBe(least === 0);
});

test('a line says so, and none where the Deployment has no pods', () => {
  const line = (manifests: string) => model(manifests).assumed.filter((one) => one.includes('Deployment'));
  expect(line(KEPT)).toEqual([
    "assumed: Deployment 'app' has 2 pods of its own: they get the new version at once, past every step, and keep it after an abort",
  ]);
  expect(line(text)[0]).toContain('2 pods of its own, which the release brings back: they get');
  expect(line(KEPT.replace('replicas: 2', 'replicas: 0'))).toEqual([]);
});
