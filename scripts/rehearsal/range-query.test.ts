import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readSource } from '../manifest/read-source.ts';
import { parsePromql } from '../promql/parse.ts';
import { createSeriesStore } from '../promql/store.ts';
import { createModel } from './model/model.ts';
import { playModel } from './model/world.ts';
import { plainScenario } from './plain-scenario.ts';
import { evaluateRange, resolveRange } from './range-query.ts';
import { readWorkload } from './workload.ts';

const NOW = 1000;
const LAST_MINUTE = { start: 'now() - duration("1m")', end: 'now()', step: '20s' };

test('start and end are expressions of time, the step is a duration', () => {
  expect(resolveRange(LAST_MINUTE, NOW)).toEqual({ start: 940, end: 1000, step: 20 });
});

test.each([
  [{ start: 'now() - duration("??")' }, 'failed to parse rangeQuery.start as time: time: invalid duration "??"'],
  [{ end: 'duration("1m")' }, 'failed to parse rangeQuery.end as time: expected time.Time, but got time.Duration'],
  [{ step: '??' }, 'failed to parse rangeQuery.step as duration: time: invalid duration "??"'],
  [{ end: 'now() - duration("2m")' }, 'bad_data: invalid parameter "end": end timestamp must not be before start time'],
  [
    { step: '0s' },
    'bad_data: invalid parameter "step": zero or negative query resolution step widths are not accepted',
  ],
  [{ step: '5ms' }, 'bad_data: exceeded maximum resolution of 11,000 points per timeseries'],
])('%j is an Error: %s', (fields, message) => {
  expect(resolveRange({ ...LAST_MINUTE, ...fields }, NOW)).toEqual({ error: expect.stringContaining(message) });
});

test('all values of all series come in one list, series by series in the order of their labels, oldest first', () => {
  const series = (pod: string, value: number) => ({
    labels: new Map([
      ['__name__', 'x'],
      ['pod', pod],
    ]),
    samples: [0, 20, 40, 60].map((seconds) => ({ timeSeconds: 940 + seconds, value: value + seconds })),
  });
  const store = createSeriesStore([series('b', 200), series('a', 100)]);
  const range = { start: 940, end: 1000, step: 30 };
  expect(evaluateRange(parsePromql('x'), store, range)).toEqual([100, 120, 160, 200, 220, 260]);
  expect(evaluateRange(parsePromql('3'), store, range)).toEqual([3, 3, 3]);
  expect(evaluateRange(parsePromql('x[1m]'), store, range)).toEqual({
    error: 'bad_data: invalid expression type "range vector" for range query, must be Scalar or instant Vector',
  });
});

test('a release is judged by every value of the range', () => {
  const text = readFileSync(new URL('testdata/silent/00-control.yaml', import.meta.url), 'utf8')
    .replace(/"result.0. >= 0.95"/, `"len(result) == 4 && all(result, {# >= 0.95})"`)
    .replace('query:', `rangeQuery: {start: 'now() - duration("1m")', end: now(), step: 20s}, query:`);
  const model = createModel(readWorkload('range', readSource({ file: 'range.yaml', text }).manifests));
  const verdict = (failureRatio: number) => playModel(model, plainScenario(100, { canary: { failureRatio } })).verdict;
  expect([verdict(0), verdict(1)]).toEqual(['promoted', 'aborted']);
});
