import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readSource } from '../manifest/read-source.ts';
import { checkGate } from '../odds/check-gate.ts';
import { judgeGate } from '../summary/sentence.ts';
import { assumedMeasures, type Measures } from './measures.ts';
import { createModel } from './model/model.ts';
import { playModel } from './model/world.ts';
import type { TimedEvent } from './outcome.ts';
import { plainScenario } from './plain-scenario.ts';
import { readWorkload } from './workload.ts';

// A web metric, `result[0] >= 0.95` every 20 s, failureLimit 1; or another in its place.
const text = readFileSync(new URL('testdata/silent/24-web-provider.yaml', import.meta.url), 'utf8');

function workloadOf(change = (whole: string) => whole) {
  return readWorkload('web', readSource({ file: 'web.yaml', text: change(text) }).manifests);
}

/** Verdict, and what each measurement came to. */
function play(measures: Measures, workload = workloadOf()): string {
  const scenario = { ...plainScenario(100), measures };
  const { verdict, events } = playModel(createModel(workload), scenario);
  const reads = events.filter((event): event is TimedEvent & { event: 'measurement' } => event.event === 'measurement');
  return [verdict, ...reads.map(({ phase, value, message }) => `${phase} ${message ?? value}`.trim())].join(', ');
}

const times = (count: number, read: string) => Array.from({ length: count }, () => read).join(', ');

test('what no world can measure is Successful, and said to be assumed', () => {
  expect(play({})).toBe(`promoted, ${times(7, 'Successful assumed')}`);
  expect(assumedMeasures(workloadOf())).toEqual([
    "assumed: every measurement of 'ok' (web) is Successful (`measures` in a scenario gives others)",
  ]);
  expect(assumedMeasures(workloadOf(), { ok: [1] })).toEqual([]);
});

test('values are judged by the conditions, in their order, and the last one repeats', () => {
  expect(play({ ok: [[1], [0.94], [0.95]] })).toBe(
    `promoted, Successful [1], Failed [0.94], ${times(5, 'Successful [0.95]')}`,
  );
  expect(play({ ok: [[1], [0.94]] })).toBe('aborted, Successful [1], Failed [0.94], Failed [0.94]');
  expect(play({ ok: [0.9] })).toMatch(/^aborted, Error could not evaluate successCondition "result\[0\] >= 0.95"/);
});

test('phases stand for themselves; an Error is tried again 10 s later, and five of them abort', () => {
  expect(play({ ok: ['Successful', 'Failed', 'Failed'] })).toBe('aborted, Successful, Failed, Failed');
  expect(play({ ok: ['Error'] })).toBe(`aborted, ${times(5, 'Error as the scenario has it')}`);
});

test('a Job has no conditions: 0 is a failed one', () => {
  const job = workloadOf((whole) => whole.replace(/provider: .*/, 'provider: {job: {spec: {}}}}'));
  expect(play({ ok: [1, 0, 0] }, job)).toBe('aborted, Successful 1, Failed 0, Failed 0');
});

test('measures of a metric that is not there are refused', () => {
  expect(() => play({ smoke: [1] })).toThrow("measures must name metrics of the Rollout (ok), got 'smoke'");
});

test('a gate of such metrics alone neither works nor fails to: verify says who decides, odds has nothing to measure', () => {
  const workload = workloadOf();
  expect(judgeGate(createModel(workload)).sentence).toBe("is decided by 'ok' (web), which nothing here can measure");
  expect(() => checkGate(workload)).toThrow("no metric asks Prometheus: nothing here can measure 'ok' (web)");
});

test('a query for what the model cannot count is such a metric there, and a plain number stands for its one series', () => {
  const queue = workloadOf((whole) =>
    whole.replace(
      /provider: .*/,
      `provider: {prometheus: {address: "http://p:9090", query: 'max(shop_queue_depth) < 9'}}}`,
    ),
  );
  const model = createModel(queue);
  expect(judgeGate(model).sentence).toBe(
    "is decided by 'ok' (prometheus, shop_queue_depth), which nothing here can measure",
  );
  expect(play({ ok: [1, 0.9] }, queue)).toBe('aborted, Successful [1], Failed [0.9], Failed [0.9]');
});

test('measures go before what Prometheus answers', () => {
  const asking = workloadOf((whole) =>
    whole.replace(/provider: .*/, `provider: {prometheus: {address: "http://p:9090", query: 'vector(1)'}}}`),
  );
  expect(play({}, asking)).toMatch(/^promoted, Successful \[1\]/);
  expect(play({ ok: [0] }, asking)).toBe('aborted, Failed [0], Failed [0]');
});
