import { describe, expect, test } from '@jest/globals';
import { imagesOf, pausesOf, readRollout, redeployOf } from './rollout-file.ts';

const read = (spec: object) =>
  readRollout({
    file: 'rollout.yaml',
    text: JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec }),
  });
const steps = (...list: readonly unknown[]) => read({ strategy: { canary: { steps: list } } });

describe('pausesOf', () => {
  test.each([
    [[{ setWeight: 25 }, { pause: { duration: 60 } }, { pause: { duration: '90' } }], 150],
    [[{ pause: { duration: '1m30s' } }, { pause: { duration: '1h' } }], 3690],
    [[{ setWeight: 25 }], 0],
    [[{ pause: {} }, { pause: { duration: 60 } }], Number.POSITIVE_INFINITY],
    [[{ pause: null }], Number.POSITIVE_INFINITY],
  ])('%j is %d s', (list, seconds) => {
    expect(pausesOf(steps(...list))).toBe(seconds);
  });

  test('a Rollout without steps pauses for nothing', () => {
    expect(pausesOf(read({}))).toBe(0);
  });
});

describe('readRollout', () => {
  test.each([
    ['no Rollout', 'apiVersion: v1\nkind: Service\n', 'must hold one Rollout, got 0'],
    ['another Rollout', 'apiVersion: example.com/v1\nkind: Rollout\n', 'must hold one Rollout, got 0'],
    [
      'two',
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\n',
      'got 2',
    ],
    ['nothing', '', 'empty'],
    ['a mistake', 'a: 1\na: 2\n', 'rollout.yaml:2:1: Map keys must be unique'],
    ['a Helm template', '{{ if .Values.a }}\na: 1\n{{ end }}\n', 'Helm template'],
  ])('refuses a file with %s', (_, text, reason) => {
    expect(() => readRollout({ file: 'rollout.yaml', text })).toThrow(reason);
  });
});

test('a Rollout that refers to a Deployment has no images of its own', () => {
  expect(() => imagesOf(read({ workloadRef: { kind: 'Deployment' } }))).toThrow('must hold a container');
});

test('a missing redeploy annotation is answered with the line to add', () => {
  expect(() => redeployOf(read({}), '2026-11-23T15:04:05Z')).toThrow('add `redeploy: "2026-11-23T15:04:05Z"` to');
});
