import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { runTool, testWith } from '../../api/testing/servers.ts';

// The alerts of k8s/monitoring in Prometheus' own tools. Those know a rule file, not the Kubernetes object around one.

const monitoring = new URL('../../k8s/monitoring/', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ruleFiles = readdirSync(monitoring).filter((name) => name.endsWith('-rules.yaml'));
const testFiles = readdirSync(join(monitoring, 'tests'));
const alerts = new Set<string>();
for (const name of ruleFiles) {
  const { spec } = parse(readFileSync(join(monitoring, name), 'utf8'));
  writeFileSync(join(folder, name.replace('.yaml', '.rules.yaml')), stringify(spec));
  for (const { alert } of spec.groups.flatMap(({ rules }: { rules: { alert?: string }[] }) => rules)) {
    if (alert !== undefined) alerts.add(alert);
  }
}
for (const name of testFiles) {
  writeFileSync(join(folder, name), readFileSync(join(monitoring, 'tests', name)));
}

testWith('promtool')('promtool accepts every rule', async () => {
  const output = runTool(
    'promtool',
    [
      'check',
      'rules',
      ...readdirSync(folder)
        .filter((name) => name.endsWith('.rules.yaml'))
        .map((name) => join(folder, name)),
    ],
    '',
  );
  expect(output).not.toContain('FAILED');
});

describe.each(testFiles)('%s', (name) => {
  testWith('promtool')('every alert fires when it is due and is silent when it is not', async () => {
    expect(runTool('promtool', ['test', 'rules', join(folder, name)], '')).toContain('SUCCESS');
  });
});

test.each([...alerts])('%s is tested firing and silent', (alert) => {
  const cases = testFiles
    .flatMap((name) => parse(readFileSync(join(monitoring, 'tests', name), 'utf8')).tests)
    .flatMap(
      ({ promql_expr_test }: { promql_expr_test: { expr: string; exp_samples: { labels: string }[] }[] }) =>
        promql_expr_test,
    )
    .filter(({ expr }) => new RegExp(/alertname=~?"([^"]*)"/.exec(expr)?.[1] ?? '^$').test(alert));
  expect(cases.some(({ exp_samples }) => exp_samples.some(({ labels }) => labels.includes(`"${alert}"`)))).toBe(true);
  expect(cases.some(({ exp_samples }) => exp_samples.length === 0)).toBe(true);
});
