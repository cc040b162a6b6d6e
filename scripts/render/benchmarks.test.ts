import { expect, test } from '@jest/globals';
import { isMet } from '../bench/figure.ts';
import { renderBenchmarks, renderSection } from './benchmarks.ts';

const figure = (values: readonly number[], wanted: { atLeast: number } | { atMost: number }) => ({
  what: 'a',
  unit: 'ms',
  values,
  wanted,
});

test.each([
  [[1, 2, 3], { atMost: 2 }, true],
  [[1, 2.1, 3], { atMost: 2 }, false],
  [[1, 2, 3], { atLeast: 2 }, true],
  [[1, 1.9, 3], { atLeast: 2 }, false],
  [[1, 2], { atMost: 1.5 }, true],
])('the median of %j against %j', (values, wanted, met) => {
  expect(isMet(figure(values, wanted))).toBe(met);
});

test('a page tells the conditions, and what was not met', () => {
  const section = {
    title: 'Start',
    how: 'Ten times.',
    figures: [figure([3, 1, 2], { atMost: 1 }), { what: 'b', unit: '', values: [0.98] }],
  };
  const page = renderBenchmarks({ date: '2026-11-25', machine: '2 cores', versions: 'Node v26' }, [section]);
  expect(page).toContain('on 2026-11-25: 2 cores; Node v26.');
  expect(page).toContain('| a | 2.00 ms | 1.00 | 3.00 | 3 | at most 1: not met |');
  expect(page).toContain('| b | 0.980 | 0.980 | 0.980 | 1 |  |');
  expect(renderSection(section)).toMatch(/^Start\n {2}a +2\.00 ms/);
});
