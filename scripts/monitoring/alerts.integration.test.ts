import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { runTool, testWith } from '../../api/testing/servers.ts';
import { parseGoDuration } from '../argo/duration.ts';
import type { LabelMatcher } from '../promql/ast.ts';
import { compileMatcher } from '../promql/matcher.ts';
import { parsePromql } from '../promql/parse.ts';
import { selectors } from '../promql/walk.ts';
import { type AlertRule, isAlert, MONITORING, readRuleFiles, rulesOf } from './testing/read-rules.ts';

// The alerts of k8s/monitoring in Prometheus' own tools, and whether their tests are those that a person wants who is woken by them.

const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ruleFiles = readRuleFiles();
for (const { name, spec } of ruleFiles) {
  writeFileSync(join(folder, `${name}.rules.yaml`), stringify(spec));
}
const testFiles = readdirSync(join(MONITORING, 'tests'));
for (const name of testFiles) {
  writeFileSync(join(folder, name), readFileSync(join(MONITORING, 'tests', name)));
}

testWith('promtool')('promtool accepts every rule', async () => {
  const paths = ruleFiles.map(({ name }) => join(folder, `${name}.rules.yaml`));
  expect(runTool('promtool', ['check', 'rules', ...paths], '')).not.toContain('FAILED');
});

describe.each(testFiles)('%s', (name) => {
  testWith('promtool')('every alert fires when it is due and is silent when it is not', async () => {
    expect(runTool('promtool', ['test', 'rules', join(folder, name)], '')).toContain('SUCCESS');
  });
});

/** `evaluation_interval` of the test files. */
const EVALUATION_SECONDS = 60;

/** One question of a test to Prometheus' own series of alerts. */
interface Case {
  readonly test: string;
  readonly seconds: number;
  readonly asked: readonly LabelMatcher[];
  /** The alerts that must be there. */
  readonly expected: readonly ReadonlyMap<string, string>[];
}

interface PromtoolTest {
  readonly name: string;
  readonly promql_expr_test: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string }[];
  }[];
}

const cases: readonly Case[] = testFiles
  .flatMap((name): readonly PromtoolTest[] => parse(readFileSync(join(MONITORING, 'tests', name), 'utf8')).tests)
  .flatMap(({ name, promql_expr_test }) =>
    promql_expr_test.map(({ expr, eval_time, exp_samples }) => ({
      test: name,
      seconds: parseGoDuration(eval_time),
      asked: selectors(parsePromql(expr)).flatMap((selector) => (selector.name === 'ALERTS' ? selector.matchers : [])),
      expected: exp_samples.filter(({ labels }) => labels.startsWith('ALERTS{')).map(({ labels }) => labelsIn(labels)),
    })),
  );

function labelsIn(series: string): ReadonlyMap<string, string> {
  const [selector] = selectors(parsePromql(series));
  return new Map(selector?.matchers.map(({ label, value }) => [label, value]));
}

const isOf = ({ alert, labels }: AlertRule, series: ReadonlyMap<string, string>) =>
  series.get('alertname') === alert && series.get('severity') === labels.severity;

/** The cases in which a rule fires. */
const firing = (rule: AlertRule) => cases.filter(({ expected }) => expected.some((series) => isOf(rule, series)));

/** The cases that would fail if it fired: they ask for it, and expect other alerts or none. */
const silent = (rule: AlertRule) =>
  cases.filter(({ asked, expected }) => {
    const series = new Map([
      ['alertname', rule.alert],
      ['severity', rule.labels.severity],
      ['alertstate', 'firing'],
    ]);
    const known = asked.filter(({ label }) => series.has(label));
    return (
      asked.some(({ label }) => label === 'alertname') &&
      known.every((matcher) => compileMatcher(matcher).matches(series.get(matcher.label) ?? '')) &&
      !expected.some((one) => isOf(rule, one))
    );
  });

test('a recorded ratio has the window of its name, above and below the line', () => {
  for (const rule of rulesOf(ruleFiles)) {
    const [, window] = isAlert(rule) ? [] : (/_rate(\w+)$/.exec(rule.record) ?? []);
    if (window !== undefined) {
      expect(rule.expr.match(/\[\w+\]/g)).toEqual([`[${window}]`, `[${window}]`]);
    }
  }
  expect.assertions(4);
});

const rules = rulesOf(ruleFiles)
  .filter(isAlert)
  .map((rule) => ({ name: `${rule.alert} (${rule.labels.severity})`, rule }));

describe.each(rules)('$name', ({ rule }) => {
  test('is tested firing and silent', () => {
    expect(firing(rule)).not.toEqual([]);
    expect(silent(rule)).not.toEqual([]);
  });

  if (rule.for !== undefined) {
    test(`is tested on both sides of its ${rule.for}, an evaluation apart`, () => {
      const justBefore = silent(rule).map(({ test: name, seconds }) => `${name} ${seconds + EVALUATION_SECONDS}`);
      const both = firing(rule).filter(({ test: name, seconds }) => justBefore.includes(`${name} ${seconds}`));
      expect(both).not.toEqual([]);
    });
  }

  test('says what it means and what to do first, with a command', () => {
    expect(Object.keys(rule.annotations)).toEqual(['summary', 'description', 'runbook']);
    expect(['critical', 'warning', 'info']).toContain(rule.labels.severity);
    expect(rule.annotations.runbook).toMatch(/^First [\s\S]*kubectl /);
  });

  test('names no label that it does not have', () => {
    const named = [
      ...Object.values(rule.annotations)
        .join('\n')
        .matchAll(/\$labels\.(\w+)/g),
    ].map(([, label]) => label);
    const carried = firing(rule).flatMap(({ expected }) => expected.filter((series) => isOf(rule, series)));
    for (const series of carried) {
      expect([...series.keys()]).toEqual(expect.arrayContaining(named));
    }
  });
});
