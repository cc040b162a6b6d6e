import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadManifests } from '../../manifest/load.ts';
import { createManifest, type Manifest } from '../../manifest/manifest.ts';
import { applyPatches } from '../apply-patches.ts';
import { brokenExpectations, wordsOf } from '../outcome.ts';
import { plainScenario } from '../plain-scenario.ts';
import { readScenario } from '../read-scenario.ts';
import { readWorkload } from '../workload.ts';
import { createModel } from './model.ts';
import { type ModelOptions, playModel } from './world.ts';

const root = new URL('../../..', import.meta.url).pathname;
const folder = new URL('../scenarios/', import.meta.url);
const { manifests } = await loadManifests(['workloads/sample-api'], root);
const scenarios = readdirSync(folder).map((file) => readScenario(file, readFileSync(new URL(file, folder), 'utf8')));
const { runs: landed } = JSON.parse(
  readFileSync(new URL('../cluster/testdata/landed-runs.json', import.meta.url), 'utf8'),
) as { runs: readonly { name: string; verdict: string; lost: number; canaryReadySeconds: number | null }[] };
const model = createModel(readWorkload('workloads/sample-api', manifests));
const play = (name: string, options: Partial<ModelOptions> = {}) => {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) {
    throw new Error(`no scenario ${name}`);
  }
  const workload = readWorkload('workloads/sample-api', applyPatches(manifests, scenario.patches));
  return playModel(createModel(workload), scenario, options);
};

/** The shipped manifests, with a step whose analysis has a metric of the background one's name, and reads 1. */
function withStep(successCondition: string): readonly Manifest[] {
  const provider = { prometheus: { address: 'http://prometheus', query: 'vector(1)' } };
  const object = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'one' },
    spec: { metrics: [{ name: 'success-rate', successCondition, provider }] },
  };
  const analysis = { templates: [{ templateName: 'one' }] };
  const steps = [{ setWeight: 25 }, { pause: { duration: 60 } }, { analysis }];
  return [
    ...applyPatches(manifests, [{ kind: 'Rollout', merge: { spec: { strategy: { canary: { steps } } } } }]),
    createManifest({ file: 'one.json', text: JSON.stringify(object) }, 0, [], object),
  ];
}

describe('the shipped gate in the model world', () => {
  test.each(scenarios)('$name ends as it must: $expect.verdict', (scenario) => {
    expect(brokenExpectations(scenario, play(scenario.name))).toEqual([]);
  });

  test.each([
    ['paused', { paused: true }],
    ['invalid', { minReadySeconds: 600 }],
  ])('the old version goes on serving when the new manifests are %s', (_, spec) => {
    const workload = readWorkload('', applyPatches(manifests, [{ kind: 'Rollout', merge: { spec } }]));
    const { verdict, sent, lost } = playModel(createModel(workload), plainScenario(100));
    expect({ verdict, lost }).toEqual({ verdict: 'stuck', lost: 0 });
    expect(sent).toBeGreaterThan(100);
  });

  test('loses a quarter of the requests until the second read, and no more', () => {
    const { lost, seconds, weight } = play('errors');
    expect(weight).toBe(25);
    expect(seconds).toBeLessThan(60);
    expect(lost).toBeGreaterThan(1000);
    expect(lost).toBeLessThanOrEqual(1600);
  });

  test('the common gate beside it aborts a minute later, at 50 %', () => {
    const { lost, seconds, weight } = play('namespace-wide-gate');
    expect({ weight, seconds: Math.round(seconds) }).toEqual({ weight: 50, seconds: 91 });
    expect(Math.abs(lost - 2975)).toBeLessThan(100);
  });

  test.each([
    ['a step that passes everything passes no release for it', 'result[0] > 0', { failureRatio: 1 }, 'aborted'],
    ['nor fails one', 'result[0] > 0', {}, 'promoted'],
    ['a step that fails everything fails a good one', 'result[0] > 1', {}, 'aborted'],
  ])('two analyses may name their metrics alike: %s', (_, successCondition, canary, verdict) => {
    const model = createModel(readWorkload('workloads/sample-api', withStep(successCondition)));
    const scenario = plainScenario(100, { canary });
    expect(playModel(model, scenario).verdict).toBe(verdict);
    expect(playModel(model, scenario, { isRecorded: false }).verdict).toBe(verdict);
  });

  test('is the same to the byte every time', () => {
    expect(JSON.stringify(play('errors-10pct'))).toBe(JSON.stringify(play('errors-10pct')));
  });

  // The real pods took longer to be ready, and each request of the first seconds was lost there.
  test('loses what comes before the first pod is ready, where the old version is not, as the recorded cluster did', () => {
    const { samples, lost } = play('fix-dead-stable');
    const recorded = landed.find(({ name }) => name === 'fix-dead-stable');
    const waited = samples.filter(({ canaryReady }) => canaryReady === 0).length;
    expect(Math.abs(lost - 10 * waited)).toBeLessThan(6);
    expect(Math.abs((recorded?.lost ?? 0) - 10 * (recorded?.canaryReadySeconds ?? 0))).toBeLessThan(6);
    expect(samples.every(({ stableReady }) => stableReady === 0)).toBe(true);
  });

  test.each(landed.filter(({ name }) => name !== 'fix-dead-stable'))(
    '$name ends as on the recorded cluster, and loses as many within a quarter',
    ({ name, verdict, lost }) => {
      const played = play(name);
      expect(played.verdict).toBe(verdict);
      expect(Math.abs(played.lost - lost)).toBeLessThanOrEqual(lost / 4);
    },
  );

  test('the old version can stop being ready for a while', () => {
    const outages = [{ what: 'stable', after: 10, seconds: 20 }] as const;
    const { samples, verdict, lost } = playModel(model, { ...plainScenario(10), outages });
    expect(verdict).toBe('promoted');
    expect(lost).toBe(0);
    const away = samples.filter(({ stableReady, t }) => stableReady === 0 && t < 60);
    expect(away).toHaveLength(20);
    expect(away.every(({ canaryReady }) => canaryReady === 1)).toBe(true);
  });

  test('says when nothing was measured', () => {
    expect(wordsOf(play('idle-errors'))).toBe('no requests measured');
    expect(wordsOf(play('good'))).toBe('');
  });

  // When a pod dies of its requests follows from their rate at the moments the world is looked at: recorded, every second.
  const steady = scenarios.filter(({ canary }) => canary.crashesAfterRequests === undefined);
  test.each(steady)('$name is the same whether it is recorded or taken from the courses played before', ({ name }) => {
    const recorded = play(name);
    const again = [play(name, { isRecorded: false }), play(name, { isRecorded: false })];
    const ending = { ...recorded, events: [], samples: [] };
    expect(again).toEqual([ending, ending]);
  });

  test('samples every second: pods within replicas and surge, each request once', () => {
    const { samples, sent, lost } = play('errors');
    for (const { stableReady, canaryReady } of samples) {
      expect(stableReady + canaryReady).toBeGreaterThanOrEqual(4);
      expect(stableReady + canaryReady).toBeLessThanOrEqual(5);
    }
    const seen = samples.reduce((sum, sample) => sum + sample.succeeded + sample.lost, 0);
    expect(Math.abs(seen - sent)).toBeLessThanOrEqual(101);
    expect(samples.reduce((sum, sample) => sum + sample.lost, 0)).toBe(lost);
  });
});
