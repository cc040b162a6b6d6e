import { expect, test } from '@jest/globals';
import { formatDuration } from './format.ts';
import { parsePromql } from './parse.ts';
import { selectors, walk } from './walk.ts';

const GATE = 'sum(rate(a_total{code!~"5.."}[1m])) / (sum(rate(b_total[1m] offset 1m)) > 0)';

test('walk visits parents first and says under what', () => {
  const visits: string[] = [];
  walk(parsePromql(GATE), ({ kind }, ancestors) => visits.push(`${'  '.repeat(ancestors.length)}${kind}`));
  expect(visits).toEqual([
    'binary',
    '  aggregate',
    '    call',
    '      selector',
    '  paren',
    '    binary',
    '      aggregate',
    '        call',
    '          selector',
    '      number',
  ]);
});

test('selectors are found in the order written', () => {
  expect(selectors(parsePromql(GATE))).toMatchObject([
    { name: 'a_total', matchers: [{ label: 'code', op: '!~', value: '5..' }], rangeSeconds: 60, offsetSeconds: 0 },
    { name: 'b_total', matchers: [], rangeSeconds: 60, offsetSeconds: 60 },
  ]);
});

test.each([
  [90, '1m30s'],
  [3600, '1h'],
  [0.25, '250ms'],
  [-86_461, '-1d1m1s'],
  [0, '0s'],
])('formatDuration(%d) is %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
