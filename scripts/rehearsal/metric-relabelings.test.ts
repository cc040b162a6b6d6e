import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readSource } from '../manifest/read-source.ts';
import { createModel } from './model/model.ts';
import { playModel } from './model/world.ts';
import { plainScenario } from './plain-scenario.ts';
import { readWorkload } from './workload.ts';

// The gate is `sum(rate(http_requests_total{code!~"5.."}[1m])) / sum(rate(http_requests_total[1m])) >= 0.95`, read every 20 s.
const text = readFileSync(new URL('testdata/silent/00-control.yaml', import.meta.url), 'utf8');

function play(rules: string, failureRatio = 0, query = (written: string) => written) {
  const whole = query(text.replace('interval: 5s}', `interval: 5s, metricRelabelings: [${rules}]}`));
  expect(whole).toContain(rules);
  const model = createModel(readWorkload('app', readSource({ file: 'app.yaml', text: whole }).manifests));
  const { verdict, message } = playModel(model, plainScenario(100, { canary: { failureRatio } }));
  return `${verdict} ${/consecutiveErrors|failed \(/.exec(message)?.[0] ?? ''}`.trim();
}

const asking = (selector: string) => (written: string) => {
  const escaped = selector.replaceAll('"', '\\"');
  return written
    .replaceAll('http_requests_total[', `http_requests_total{${escaped}}[`)
    .replaceAll('{code', `{${escaped}, code`);
};
const HASH = 'rollouts_pod_template_hash';

test.each([
  ['metrics of other names are dropped', '{action: drop, sourceLabels: [__name__], regex: "go_.*"}', 'promoted'],
  [
    'the metric of the gate is dropped',
    '{action: drop, sourceLabels: [__name__], regex: "http_.*"}',
    'aborted consecutiveErrors',
  ],
  [
    'only other metrics are kept',
    '{action: keep, sourceLabels: [__name__], regex: "go_.*"}',
    'aborted consecutiveErrors',
  ],
  [
    'the metric of the gate is kept',
    '{action: keep, sourceLabels: [__name__], regex: "http_requests_total|up"}',
    'promoted',
  ],
  [
    'the series of the namespace are dropped',
    '{action: drop, sourceLabels: [namespace], regex: app}',
    'aborted consecutiveErrors',
  ],
  [
    'what reads a label of the app drops nothing',
    '{action: drop, sourceLabels: [tenant], regex: internal}',
    'promoted',
  ],
])('%s', (_, rules, ending) => {
  expect(play(rules)).toBe(ending);
});

test('without the label that tells failures from successes a failing release passes', () => {
  const rules = '{action: labeldrop, regex: code}';
  expect(play('', 1)).toBe('aborted failed (');
  expect(play(rules, 1)).toBe('promoted');
});

test('a label that a rule makes of the target’s can be asked for, one that a rule drops cannot', () => {
  const made = '{sourceLabels: [service], targetLabel: team, regex: "(.*)", replacement: "$1-team"}';
  expect(play(made, 0, asking('team="app-team"'))).toBe('promoted');
  expect(play(made, 0, asking('team="other"'))).toBe('aborted consecutiveErrors');
  expect(play('{action: labeldrop, regex: pod}', 0, asking('pod=~"app-.*"'))).toBe('aborted consecutiveErrors');
  expect(play('{action: labeldrop, regex: instance}', 0, asking('pod=~"app-.*"'))).toBe('promoted');
});

test('a rule may change a label of the target once', () => {
  const rules = '{sourceLabels: [pod], targetLabel: pod, regex: "(.*)-[^-]+"}';
  expect(play(rules, 0, asking(`pod=~"app-[^-]+"`))).toBe('promoted');
});

test('a label of the app’s own can take the place of the target’s', () => {
  const rules = '{sourceLabels: [exported_namespace], targetLabel: namespace, regex: "(.+)"}';
  expect(play(rules, 0, asking('namespace="tenant-a"'))).toBe('promoted');
  expect(play(`{action: drop, sourceLabels: [${HASH}], regex: ".+"}`, 0, asking(`${HASH}=""`))).toBe('promoted');
});
