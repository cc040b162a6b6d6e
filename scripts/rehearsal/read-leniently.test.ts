import { expect, test } from '@jest/globals';
import { readSource } from '../manifest/read-source.ts';
import { readWorkload } from './workload.ts';

const text = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
labels: {a: b}
spec:
  selector: {matchLabels: {app: shop}}
  template: {metadata: {labels: {app: shop}}, spec: {containers: [{name: c, image: "shop:1", anything: 1}]}}
  strategy:
    canary:
      rollbackWindow: {revisions: 2}
      analysis: {templateName: ok, templates: [{templateName: ok}]}
      steps: [{setWeight: 25, color: red}, {pause: {duration: 60}}]
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: ok}
spec:
  successCondition: result[0] > 1
  metrics: [{name: ok, interval: 30s, threshold: 3, provider: {prometheus: {address: "http://p:9090", query: up, args: []}}}]
`;

test('fields that no Rollout and no template has are left out, and each is said', () => {
  const { plan, metrics, assumed } = readWorkload('shop', readSource({ file: 'shop.yaml', text }).manifests);
  expect(plan.invalid).toBeUndefined();
  expect(plan.steps).toEqual([
    { kind: 'setWeight', weight: 25 },
    { kind: 'pause', seconds: 60 },
  ]);
  expect(metrics[0]?.conditions).toEqual({ successCondition: '', failureCondition: '' });
  expect(assumed).toEqual(
    [
      '4:9: labels is left out: no Rollout',
      '10:23: spec.strategy.canary.rollbackWindow is left out: no Rollout',
      '11:32: spec.strategy.canary.analysis.templateName is left out: no Rollout',
      '12:38: spec.strategy.canary.steps[0].color is left out: no Rollout',
      '18:21: spec.successCondition is left out: no AnalysisTemplate',
      '19:50: spec.metrics[0].threshold is left out: no AnalysisTemplate',
      '19:120: spec.metrics[0].provider.prometheus.args is left out: no AnalysisTemplate',
    ].map((line) => `assumed: shop.yaml:${line} has such a field`),
  );
});
