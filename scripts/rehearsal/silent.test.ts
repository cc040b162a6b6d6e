import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Manifest } from '../manifest/manifest.ts';
import { readSource } from '../manifest/read-source.ts';
import { checkManifests } from '../rules/check.ts';
import { RehearsalError } from './errors.ts';
import { createModel } from './model/model.ts';
import { playModel } from './model/world.ts';
import { plainScenario } from './plain-scenario.ts';
import type { ClusterFacts } from './read-run.ts';
import { NO_FACTS, readWorkload } from './workload.ts';

// Small folders whose fields a reader that looks only for what it expects would drop without a word. A healthy canary at 100 requests a second.
const folder = new URL('testdata/silent/', import.meta.url);

function load(name: string, change = (text: string) => text): readonly Manifest[] {
  const text = change(readFileSync(new URL(name, folder), 'utf8'));
  const { manifests, notes, errors } = readSource({ file: name, text });
  expect([...notes, ...errors]).toEqual([]);
  return manifests;
}

/** Verdict, when, and the end of the message; or why it is refused. */
function play(manifests: readonly Manifest[], facts: ClusterFacts = NO_FACTS): string {
  try {
    const outcome = playModel(createModel(readWorkload('silent', manifests, facts)), plainScenario(100));
    const [, reason = ''] =
      /: (?:The Rollout "app" is invalid|Background analysis phase error\/failed): (.*)$/.exec(outcome.message) ?? [];
    return [outcome.verdict, Math.round(outcome.seconds), reason].join(' ').trim();
  } catch (error) {
    if (!(error instanceof RehearsalError)) {
      throw error;
    }
    return `refused: ${error.message}`;
  }
}

const FIFTH = 'assessed Error due to consecutiveErrors (5) > consecutiveErrorLimit (4): "Error Message:';
const INVALID: Readonly<Record<string, string>> = {
  '11-invalid-weight': 'spec.strategy.canary.steps[0].setWeight: setWeight must be between 0 and 100, got 150',
  '13-step-two-kinds': 'spec.strategy.canary.steps[0]: a step must have exactly one of',
  '20-setCanaryScale': 'spec.strategy.canary.trafficRouting: trafficRouting must be set for a step',
  '21-trafficRouting': 'spec.strategy.canary.stableService: stableService must be set',
  '30-two-names-alike': "two metrics have the same name 'ok'",
};
const REFUSED: Readonly<Record<string, string>> = {
  '15-secret-arg':
    "argument 'm' comes from key 'k' of Secret 's', which the manifests do not hold: give its value with --arg m=…",
  '22-experiment':
    "22-experiment.yaml:20:28: spec.strategy.canary.steps[0].experiment: a step 'experiment' is not played here",
};
const ABORTED: Readonly<Record<string, string>> = {
  '03-no-address': `aborted 41 Metric "ok" ${FIFTH} prometheus address is not configured"`,
  '04-address-not-url': `aborted 41 Metric "ok" ${FIFTH} prometheus address is not is url format"`,
  '05-retention-no-match':
    "aborted 1 Analysis spec invalid: measurementRetention[0]: Rule didn't match any metric name(s)",
  '25-prometheus-and-job': 'aborted 1 Analysis spec invalid: metrics[0]: multiple providers specified',
  '26-unresolved-arg': 'aborted 1 Unable to resolve metric arguments: failed to resolve {{args.m}}',
};
const PROMOTED = [
  '00-control',
  '01-template-dryRun',
  '02-nested-templates',
  '07-args-in-limits',
  '09-canaryMetadata-label',
  '17-now-in-condition',
  '19-restartAt',
].concat([
  '23-dynamicStableScale-false',
  '27-inconclusive-empty-args-name',
  '24-web-provider',
  '28-arg-of-another-template',
  '29-trafficRouting-null',
  '31-workloadRef',
]);

test.each(PROMOTED)('%s is promoted', (name) => {
  expect(play(load(`${name}.yaml`))).toMatch(/^promoted \d+$/);
});

test.each(Object.entries(ABORTED))('%s is aborted: %s', (name, ending) => {
  expect(play(load(`${name}.yaml`))).toBe(ending);
});

test.each(Object.entries(INVALID))('%s is InvalidSpec, and nothing is reconciled', (name, reason) => {
  expect(play(load(`${name}.yaml`))).toMatch(/^stuck 0 spec\./);
  expect(play(load(`${name}.yaml`))).toContain(reason);
});

test.each(Object.entries(REFUSED))('%s is refused by name', (name, reason) => {
  expect(play(load(`${name}.yaml`))).toMatch(/^refused: /);
  expect(play(load(`${name}.yaml`))).toContain(reason);
});

test('14-analysis-step-no-templates makes no run, and the step never completes', () => {
  expect(play(load('14-analysis-step-no-templates.yaml'))).toBe('stuck 3600');
});

test('every case is played here', () => {
  const played = [...PROMOTED, ...Object.keys({ ...ABORTED, ...INVALID, ...REFUSED }), '14-analysis-step-no-templates'];
  const files = readdirSync(folder).map((name) => name.replace('.yaml', ''));
  expect(played.toSorted()).toEqual(files.toSorted());
});

test('now() is the time of the rehearsal', () => {
  const later = load('17-now-in-condition.yaml', (text) => text.replace('2020-01-01', '2999-01-01'));
  expect(play(later)).toMatch(/^aborted/);
});

test('an argument named by the plain letter n is played as text, and said to be refused by the API server', () => {
  const model = createModel(readWorkload('silent', load('07-args-in-limits.yaml')));
  expect(model.assumed[0]).toBe(
    "assumed: 07-args-in-limits.yaml:39:17: spec.args[0].name is the text 'n'; kubectl reads false and the API server refuses it: write it in quotes",
  );
  const quoted = load('07-args-in-limits.yaml', (text) => text.replace('name: n', 'name: "n"'));
  expect(createModel(readWorkload('silent', quoted)).assumed.join()).not.toContain("the text 'n'");
  const word = load('07-args-in-limits.yaml', (text) => text.replace('name: n', 'name: no'));
  expect(() => readWorkload('silent', word)).toThrow('spec.args[0].name: must be text: the API server refuses false');
});

test('a Secret’s value is measured with, and never scheduled with', () => {
  const facts = (value: string) => ({ ...NO_FACTS, args: new Map([['m', value]]) });
  expect(play(load('15-secret-arg.yaml'), facts('5..'))).toMatch(/^promoted/);
  expect(play(load('15-secret-arg.yaml'), facts('2..'))).toMatch(/^aborted/);
  // The controller reads no Secret when it checks the metric, so an interval from one is none.
  const interval = load('15-secret-arg.yaml', (text) => text.replace('interval: 20s', 'interval: "{{args.m}}"'));
  expect(play(interval, facts('20s'))).toContain('invalid interval string: time: invalid duration "temp-for-secret"');
});

test('a Secret’s value is not asked for where nothing here reads it', () => {
  const used = (from: string | RegExp, to: string) =>
    play(
      load('15-secret-arg.yaml', (text) => {
        const changed = text.replace('{{args.m}}', '5..').replace(from, to);
        expect(changed).toContain('{{args.m}}');
        return changed;
      }),
    );
  const header = '[{key: token, value: "{{args.m}}"}]';
  expect(used('address: ', `headers: ${header}, address: `)).toMatch(/^promoted/);
  const web = `web: {url: "http://ci/{{args.m}}", headers: ${header}, jsonPath: "{$.ok}"}`;
  expect(used(/prometheus: .*\}(?=\}\})/, web)).toMatch(/^promoted/);
  expect(used('successCondition: "', 'successCondition: "{{args.m}} == 1 && ')).toMatch(/^refused: .*--arg m=/);
});

test('the controller’s own address is asked where the metric has none', () => {
  const at = (prometheusAddress: string) => play(load('03-no-address.yaml'), { ...NO_FACTS, prometheusAddress });
  expect(at('http://prometheus:9090')).toMatch(/^promoted/);
  expect(at('prometheus:9090')).toContain('prometheus address is not is url format');
});

test('an argument that only another template declares is declared: verify finds nothing', async () => {
  const { findings } = await checkManifests(load('28-arg-of-another-template.yaml'));
  expect(findings.filter(({ rule }) => rule === 'analysis/unknown-argument')).toEqual([]);
});

test('a restart to come is refused', () => {
  const soon = load('19-restartAt.yaml', (text) => text.replace('2020-01-01', '2999-01-01'));
  expect(play(soon)).toContain('spec.restartAt: a restart of all pods at a time to come is not played here');
});

test.each([
  ['scaleDown: onsuccess', 'scaleDown: progressively', 'promoted 124'],
  [
    'kind: Deployment\nmetadata: {name: app}',
    'kind: Deployment\nmetadata: {name: other}',
    "Deployment 'app' must be among",
  ],
  ['kind: Deployment, name', 'kind: StatefulSet, name', 'spec.workloadRef: workloadRef must name'],
  [
    'selector: {matchLabels: {app: app}}',
    'selector: {matchLabels: {app: other}}',
    'spec.selector: selector must match',
  ],
])('the template of a workloadRef, with %s in place of %s: %s', (from, to, ending) => {
  expect(play(load('31-workloadRef.yaml', (text) => text.replace(from, to)))).toContain(ending);
});
