import { expect, test } from '@jest/globals';
import type { JsonMap } from '../manifest/json.ts';
import { relabel } from './relabel.ts';

const LABELS = { __name__: 'go_goroutines', pod: 'app-1', zone: 'EU' };
const after = (...rules: readonly JsonMap[]) => {
  const relabeled = relabel(rules, new Map(Object.entries(LABELS)));
  return relabeled && Object.fromEntries(relabeled.labels);
};

// Actions and defaults as in Prometheus' documentation of `relabel_config`.
test.each<{ readonly rule: JsonMap; readonly result: object | undefined }>([
  { rule: { action: 'drop', sourceLabels: ['__name__'], regex: 'go_.*' }, result: undefined },
  { rule: { action: 'drop', sourceLabels: ['__name__'], regex: 'go' }, result: LABELS },
  { rule: { action: 'Keep', sourceLabels: ['__name__', 'none'], regex: 'go_goroutines;' }, result: LABELS },
  { rule: { action: 'keep', sourceLabels: ['__name__'], regex: 'http_.*' }, result: undefined },
  { rule: { action: 'labeldrop', regex: 'pod|zone' }, result: { __name__: 'go_goroutines' } },
  { rule: { action: 'labelkeep', regex: '__name__|pod' }, result: { __name__: 'go_goroutines', pod: 'app-1' } },
  { rule: { action: 'labelmap', regex: 'z(.*)', replacement: 'a$1' }, result: { ...LABELS, aone: 'EU' } },
  { rule: { action: 'lowercase', sourceLabels: ['zone'], targetLabel: 'zone' }, result: { ...LABELS, zone: 'eu' } },
  { rule: { action: 'uppercase', sourceLabels: ['pod'], targetLabel: 'up' }, result: { ...LABELS, up: 'APP-1' } },
  { rule: { action: 'dropequal', sourceLabels: ['zone'], targetLabel: 'zone' }, result: undefined },
  { rule: { action: 'keepequal', sourceLabels: ['zone'], targetLabel: 'pod' }, result: undefined },
  { rule: { sourceLabels: ['pod'], regex: '(.*)-\\d', targetLabel: 'app' }, result: { ...LABELS, app: 'app' } },
  { rule: { sourceLabels: ['pod'], regex: 'other', targetLabel: 'app' }, result: LABELS },
  { rule: { targetLabel: 'zone', replacement: '' }, result: { __name__: 'go_goroutines', pod: 'app-1' } },
])('$rule', ({ rule, result }) => {
  expect(after(rule)).toEqual(result);
});

test('what reads a label that nobody knows drops nothing, and sets a label that nobody knows', () => {
  const rules = [
    { action: 'drop', sourceLabels: ['code'], regex: '.*' },
    { sourceLabels: ['code', 'pod'], targetLabel: 'zone' },
    { sourceLabels: ['zone'], targetLabel: 'region' },
    { action: 'labeldrop', regex: 'region' },
  ];
  const relabeled = relabel(rules, new Map(Object.entries(LABELS)), (name) => name !== 'code');
  expect(relabeled && [...relabeled.labels.keys()]).toEqual(['__name__', 'pod']);
  expect(relabeled?.unknown).toEqual(new Set(['zone']));
});
