import { describe, expect, test } from '@jest/globals';
import { at } from '../manifest/json.ts';
import { loadManifests } from '../manifest/load.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { editsOf } from './candidate-edits.ts';
import { applyEdits, type Edit, lineOf } from './edit.ts';
import { oneReadGate } from './testing/one-read.ts';

const root = new URL('../..', import.meta.url).pathname;
const { manifests } = await loadManifests(['workloads/sample-api'], root);
const edits = editsOf(createModel(readWorkload('workloads/sample-api', manifests)));
const settings = (all: readonly Edit[]) => [
  ...new Set(all.map(({ setting }) => setting.split(' ').slice(1).join(' '))),
];

describe('editsOf', () => {
  test('turns everything that decides what the gate catches, and nothing of the latency metric', () => {
    const metric = 'sample-api-success-rate spec.metrics[0].';
    expect(settings(edits)).toEqual([
      `${metric}successCondition`,
      `${metric}failureLimit`,
      `${metric}interval`,
      `${metric}initialDelay`,
      `${metric}provider.prometheus.query window`,
      `${metric}provider.prometheus.query smoothing`,
      'sample-api spec.replicas',
      'sample-api spec.strategy.canary.steps[1].pause.duration',
      'sample-api spec.strategy.canary.steps[3].pause.duration',
      'sample-api spec.strategy.canary.steps[5].pause.duration',
    ]);
  });

  test('never proposes what stands there already', () => {
    expect(edits.filter(({ from, to }) => from === to)).toEqual([]);
  });

  test('knows what stands there already by its value, however it is written', () => {
    const rewritten = manifests.map((manifest) => ({
      ...manifest,
      object: JSON.parse(
        JSON.stringify(manifest.object)
          .replaceAll('"interval":"30s"', '"interval":"0.5m"')
          .replaceAll('"duration":60', '"duration":"0h1m"')
          .replaceAll('[1m]', '[60s]'),
      ),
    }));
    const own = editsOf(createModel(readWorkload('workloads/sample-api', rewritten)));
    expect(own.map(({ setting, to }) => [setting, to])).toEqual(
      edits.map(({ setting, to }) => [setting, setting.endsWith('duration') ? `${to}s` : to]),
    );
  });

  test('moves the number of a condition, not the index of its result', () => {
    const blind = applyEdits(
      manifests,
      edits.slice(0, 1).map((edit) => ({ ...edit, change: () => 'result[0] >= 0' })),
    );
    const [first] = editsOf(createModel(readWorkload('workloads/sample-api', blind)));
    expect(first).toMatchObject({ from: 'result[0] >= 0', to: 'result[0] >= 0.8' });
  });

  test('leaves out windows of fewer than four scrapes, and a smoothing that is not there', () => {
    const own = editsOf(createModel(readWorkload('one-read', oneReadGate())));
    expect(own.filter(({ setting }) => setting.endsWith('window')).map(({ to }) => to)).toEqual([
      '[30s]',
      '[2m]',
      '[3m]',
      '[5m]',
      '[10m]',
    ]);
    expect(own.filter(({ setting }) => setting.endsWith('smoothing'))).toEqual([]);
  });
});

describe('applyEdits', () => {
  const named = (setting: string, to: string) => {
    const found = edits.find((edit) => edit.setting.endsWith(setting) && edit.to === to);
    if (found === undefined) {
      throw new Error(`no edit of ${setting} to ${to}`);
    }
    return found;
  };

  test('makes several edits of one text, both sides of a fraction alike', () => {
    const both = [named('window', '[2m]'), named('smoothing', '+ 0.2')];
    const edited = applyEdits(manifests, both).find(({ name }) => name === 'sample-api-success-rate');
    const query = String(at(edited?.object, ['spec', 'metrics', 0, 'provider', 'prometheus', 'query']));
    expect(query.match(/\[2m\]/g)).toHaveLength(2);
    expect(query.match(/\+ 0\.2\)/g)).toHaveLength(2);
    expect(query).not.toMatch(/\[1m\]|0\.5/);
  });

  test('leaves the manifests as they were', () => {
    const before = JSON.stringify(manifests.map(({ object }) => object));
    const edited = applyEdits(manifests, [named('steps[1].pause.duration', '120')]);
    expect(JSON.stringify(manifests.map(({ object }) => object))).toBe(before);
    const rollout = edited.find(({ kind }) => kind === 'Rollout');
    expect(at(rollout?.object, ['spec', 'strategy', 'canary', 'steps', 1])).toEqual({ pause: { duration: 120 } });
  });

  test('a part of a long text is found on its own line', () => {
    const edit = named('window', '[2m]');
    const lines = edit.manifest.source.text.split('\n');
    const query = lines.findIndex((line) => line.includes('query: |')) + 1;
    const found = lineOf(edit, query);
    expect(found).toBeGreaterThan(query);
    expect(lines[found - 1]).toContain('[1m]');
  });
});
