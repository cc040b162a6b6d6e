import { describe, expect, test } from '@jest/globals';
import { cpuSeconds } from '../testing/cpu-seconds.ts';
import { PromqlError } from './errors.ts';
import { type EvaluateOptions, evaluatePromql } from './evaluate.ts';
import { parsePromql } from './parse.ts';
import { createSeriesStore, type SeriesSample, type SeriesStore } from './store.ts';

/** Samples every 15 s from 0 on; `_` is a missed scrape, `stale` the end of a series, as in promtool. */
function samples(values: string): SeriesSample[] {
  return values.split(' ').flatMap((value, index) => {
    const timeSeconds = index * 15;
    if (value === '_') {
      return [];
    }
    return [{ timeSeconds, value: value === 'stale' ? value : Number(value) }];
  });
}

const up = { labels: new Map([['__name__', 'up']]), samples: samples('1 1 1 stale') };
const requests = ['200', '500'].map((code) => ({
  labels: new Map([
    ['__name__', 'requests_total'],
    ['code', code],
  ]),
  samples: samples(code === '200' ? '0 15 30 45 60' : '_ _ 3 3 3'),
}));
const store = createSeriesStore([up, ...requests]);

function values(query: string, timeSeconds: number, options?: EvaluateOptions): readonly number[] {
  const result = evaluatePromql(parsePromql(query), store, timeSeconds, options);
  if (result.type === 'scalar') {
    return [result.value];
  }
  return result.type === 'vector' ? result.samples.map(({ value }) => value) : [];
}

describe('evaluatePromql', () => {
  test.each([
    ['up', 30, [1]],
    ['up', 44.999, [1]],
    ['up', 45, []],
    ['up offset 15s', 45, [1]],
    ['up @ 30', 1000, [1]],
    ['up @ end()', 1000, []],
    ['requests_total', 359.999, [60, 3]],
    ['requests_total', 360, []],
  ] as const)('%s at %d sees the newest sample until it is stale or too old', (query, time, expected) => {
    expect(values(query, time)).toEqual(expected);
  });

  test('takes the lookback from its options', () => {
    expect(values('requests_total', 69, { lookbackSeconds: 10 })).toEqual([60, 3]);
    expect(values('requests_total', 70, { lookbackSeconds: 10 })).toEqual([]);
  });

  test.each([
    ['count_over_time(requests_total{code="200"}[30s])', 60, [2]],
    ['count_over_time(requests_total{code="200"}[30001ms])', 60, [3]],
    ['delta(requests_total{code="200"}[1m])', 60, [60]],
    ['increase(requests_total{code="500"}[1m])', 60, [0]],
    ['rate(requests_total[15s])', 60, []],
    ['count_over_time(up[1m])', 60, [2]],
  ] as const)('%s at %d sees a range that is open on the left, without stale markers', (query, time, expected) => {
    expect(values(query, time)).toEqual(expected);
  });

  test('steps through a subquery on whole multiples of its step, 60 s unless told', () => {
    expect(values('count_over_time(vector(1)[2m:])', 130)).toEqual([2]);
    expect(values('count_over_time(vector(1)[2m:])', 130, { subqueryStepSeconds: 30 })).toEqual([4]);
    expect(values('sum_over_time(vector(time())[1m:20s])', 70)).toEqual([20 + 40 + 60]);
  });

  test.each([
    ['a gate without errors yet', 'sum(rate(nope{code=~"5.."}[1m])) / sum(rate(requests_total[1m]))', []],
    ['a gate that thinks of it', '(sum(rate(nope[1m])) or vector(0)) / sum(rate(requests_total[1m]))', [0]],
    ['no traffic', 'sum(increase(requests_total{code="500"}[30s])) / 0', [Number.NaN]],
  ] as const)('answers %s', (_, query, expected) => {
    expect(values(query, 60)).toEqual(expected);
  });

  test.each([
    ['year(vector(NaN))', 292277026596],
    ['year(vector(-Inf))', 292277026596],
    ['month(vector(Inf))', 12],
    ['day_of_year(vector(1e19))', 339],
    ['days_in_month(vector(NaN))', 31],
    ['hour(vector(NaN))', 15],
    ['minute(vector(NaN))', 30],
  ])('%s is the date that an amd64 makes of no number: %d', (query, expected) => {
    expect(values(query, 0)).toEqual([expected]);
  });

  test('finds a quantile by halves, so past a bucket whose count is NaN', () => {
    const buckets = [
      ['1', 6],
      ['2', Number.NaN],
      ['3', 8],
      ['+Inf', 8],
    ] as const;
    const histogram = createSeriesStore(
      buckets.map(([le, value]) => ({ labels: new Map([['le', le]]), samples: [{ timeSeconds: 0, value }] })),
    );
    expect(evaluatePromql(parsePromql('histogram_quantile(0.5, {le=~".+"})'), histogram, 0)).toEqual({
      type: 'vector',
      samples: [{ labels: new Map(), value: Number.NaN }],
    });
  });

  test.each([
    ['sort', ['3', '1', '4', '2', '0']],
    ['sort_desc', ['1', '3', '4', '2', '0']],
  ])('%s puts every NaN last, the last of them first', (sort, order) => {
    const list = [Number.NaN, 2, Number.NaN, 1, Number.NaN].map((value, index) => ({
      labels: new Map([['n', String(index)]]),
      samples: [{ timeSeconds: 0, value }],
    }));
    const result = evaluatePromql(parsePromql(`${sort}({n=~".+"})`), createSeriesStore(list), 0);
    expect(result.type === 'vector' && result.samples.map(({ labels }) => labels.get('n'))).toEqual(order);
  });

  test('refuses to match many series to many', () => {
    expect(() => values('requests_total + on() requests_total', 60)).toThrow(PromqlError);
  });

  test('refuses two series that only their names told apart', () => {
    const twins = createSeriesStore([up, { ...up, labels: new Map([['__name__', 'ready']]) }]);
    const query = parsePromql('{__name__=~"up|ready"} + 1');
    expect(() => evaluatePromql(query, twins, 30)).toThrow('vector cannot contain metrics with the same labelset');
  });

  test('answers range vectors and strings under their own types', () => {
    expect(evaluatePromql(parsePromql('up[20s]'), store, 30)).toEqual({
      type: 'matrix',
      series: [{ labels: up.labels, samples: samples('_ 1 1') }],
    });
    expect(evaluatePromql(parsePromql('("x")'), store, 30)).toEqual({ type: 'string', value: 'x' });
  });

  test('hands one parsed expression the same matchers every time, so that a store can remember them', () => {
    const seen = new Set<unknown>();
    const expr = parsePromql('rate(requests_total[1m])');
    for (const time of [30, 45, 60]) {
      const select: SeriesStore['select'] = (matchers) => {
        seen.add(matchers);
        return requests;
      };
      evaluatePromql(expr, { select }, time);
    }
    expect(seen.size).toBe(1);
  });

  test.each(['up[292y:1ms]', 'max_over_time(max_over_time(up[1h:1s])[1h:10ms])', 'sum_over_time(vector(1)[90d:1s])'])(
    'ends %s where Prometheus would, and soon',
    (text) => {
      const evaluate = () => evaluatePromql(parsePromql(text), store, 30);
      expect(cpuSeconds(() => expect(evaluate).toThrow('would load too many samples'))).toBeLessThan(10);
    },
  );

  test('takes the variance of many samples in linear time', () => {
    const query = parsePromql('stdvar_over_time(vector(1)[1h:50ms])');
    const evaluate = () => expect(evaluatePromql(query, store, 30)).toMatchObject({ samples: [{ value: 0 }] });
    expect(cpuSeconds(evaluate)).toBeLessThan(10);
  });
});
