import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { evaluatePromql } from '../promql/evaluate.ts';
import { type Labels, setLabel } from '../promql/labels.ts';
import { parsePromql } from '../promql/parse.ts';
import { createSeriesStore, type Series } from '../promql/store.ts';
import { selectors } from '../promql/walk.ts';
import { type LiveRelease, playRelease, readFolder } from './testing/live-release.ts';
import { fillVariables, readDashboard } from './testing/read-dashboard.ts';
import { isAlert, readRuleFiles, rulesOf } from './testing/read-rules.ts';

// promtool's tests write series themselves, and could misspell them as the rules do. These are what the API really exposes during a
// release, and what the controller does by its source.

const rules = rulesOf(readRuleFiles());

let release: LiveRelease;
beforeAll(async () => {
  release = await playRelease([await readFolder('workloads/sample-api')]);
});
afterAll(() => release.stop());

interface Evaluated {
  /** Alerts that are due, without the patience of their `for`. */
  readonly due: readonly string[];
  readonly recorded: readonly Series[];
}

/** All rules once, in their order: what is recorded is there for those that follow. */
function evaluateRules({ series, now }: LiveRelease): Evaluated {
  const recorded: Series[] = [];
  const due: string[] = [];
  for (const rule of rules) {
    const result = evaluatePromql(parsePromql(rule.expr), createSeriesStore([...series, ...recorded]), now);
    for (const { labels, value } of result.type === 'vector' ? result.samples : []) {
      if (isAlert(rule)) {
        due.push([rule.alert, rule.labels.severity, ...identify(labels)].join(' '));
      } else {
        recorded.push({ labels: setLabel(labels, '__name__', rule.record), samples: [{ timeSeconds: now, value }] });
      }
    }
  }
  return { due: due.sort(), recorded };
}

const identify = (labels: Labels) =>
  ['namespace', 'name', 'phase', 'rollouts_pod_template_hash'].flatMap((label) => labels.get(label) ?? []);

test('a bad release whose canary restarts and has a pod without a backend is told as that', () => {
  const { due } = evaluateRules(release);
  expect(due.filter((alert) => !/phases ./.test(alert))).toEqual([
    // Of a neighbour in the fixture; nothing of the run under way.
    'AnalysisRunFailed info sample-api sample-api-extra-66c7d8f9b-1',
    `BackendDown warning sample-api ${release.canary}`,
    `CanaryRestarts critical sample-api ${release.canary}`,
    'ErrorBudgetBurn critical sample-api',
    'ErrorBudgetBurn warning sample-api',
    // The controller says four, three were played; of the other namespaces none.
    'TargetMissing warning phases',
    'TargetMissing warning sample-api',
  ]);
});

test("every phase of the controller's that is a failure is told", () => {
  const { due } = evaluateRules(release);
  expect(due.filter((alert) => alert.includes(' phases ') && /Rollout|Analysis/.test(alert))).toEqual([
    'AnalysisRunError warning phases late-5b8f6c7d9-2',
    'AnalysisRunFailed info phases aborted-8c6d7f9b5-2',
    'RolloutDegraded warning phases aborted Abort',
    'RolloutDegraded warning phases invalid InvalidSpec',
    'RolloutDegraded warning phases late Timeout',
    'RolloutDegraded warning phases refused Error',
  ]);
});

const values = { namespace: 'sample-api', workload: 'sample-api', __rate_interval: '1m' };

test.each([
  ...rules.map((rule) => ({ what: isAlert(rule) ? `${rule.alert} (${rule.labels.severity})` : rule.record, ...rule })),
  ...readDashboard().queries.map(({ panel, refId, expr }) => ({ what: `panel '${panel}' ${refId}`, expr })),
])('$what selects by names, labels and values that there are', ({ expr }) => {
  const known = [...release.series, ...evaluateRules(release).recorded];
  for (const { name, matchers } of selectors(parsePromql(fillVariables(expr, values)))) {
    const series = known.filter(({ labels }) => labels.get('__name__') === name);
    expect([name, series]).not.toEqual([name, []]);
    for (const { label, op, value } of matchers.filter(({ label }) => label !== '__name__')) {
      const present = new Set(series.map(({ labels }) => labels.get(label)));
      expect([name, label, [...present]]).not.toEqual([name, label, [undefined]]);
      for (const alternative of alternatives(op, value)) {
        expect([name, label, [...present]]).toEqual([name, label, expect.arrayContaining([alternative])]);
      }
    }
  }
});

/** The values that a matcher spells out. */
function alternatives(op: string, value: string): readonly string[] {
  if (op === '=') {
    return [value];
  }
  return op === '=~' && /^[\w|]+$/.test(value) ? value.split('|') : [];
}
