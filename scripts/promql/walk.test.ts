import { expect, test } from '@jest/globals';
import { formatDuration, formatSelector } from './format.ts';
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
  expect(selectors(parsePromql(GATE)).map(formatSelector)).toEqual([
    'a_total{code!~"5.."}[1m]',
    'b_total[1m] offset 1m',
  ]);
});

test.each([
  'up',
  '{__name__=~"a|b", job="x"}',
  'up{job="quo\\"te\\\\"}[1d1h30m] @ 12.5 offset -5m',
  '{"http.code"="200"} @ start()',
])('formatSelector writes %s so that it reads back the same', (text) => {
  const [selector] = selectors(parsePromql(text));
  expect(selector && formatSelector(selector)).toBe(text);
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
