import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseAnalysisDuration, pauseSeconds } from './duration.ts';
import { podsAtWeight, resolveSurge } from './pods.ts';

// Made by the real controller's code (argo-rollouts v1.9.1); testdata/README.md says how.
const vectors = <Case>(name: string): Case[] =>
  JSON.parse(readFileSync(new URL(`testdata/${name}.json`, import.meta.url), 'utf8')).cases;

interface DurationCase {
  readonly id: string;
  readonly kind: 'pause' | 'analysis';
  readonly input: unknown;
  readonly seconds: number | null;
}

// d013 and d014 tell 10.0 from 10, which JSON.parse cannot; what does not decode is the schema's business.
const durations = vectors<DurationCase>('durations').filter(
  ({ id, kind, seconds }) => id !== 'd013' && id !== 'd014' && (kind === 'analysis' || seconds !== null),
);

describe('durations as the controller reads them', () => {
  test.each(durations)('$id: $kind $input is $seconds', ({ kind, input, seconds }) => {
    if (kind === 'pause') {
      expect(input === null ? 0 : pauseSeconds(input as string | number)).toBe(seconds);
    } else if (seconds === null) {
      expect(() => parseAnalysisDuration(input as string)).toThrow(RangeError);
    } else {
      expect(parseAnalysisDuration(input as string)).toBeCloseTo(seconds, 9);
    }
  });
});

interface TargetCase {
  readonly id: string;
  readonly kind: string;
  readonly R: number;
  readonly w: number;
  readonly surge: number | string | null;
  readonly unav: number | string | null;
  readonly surgeN: number;
  readonly unavN: number;
  readonly canary: number;
  readonly stable: number;
}

test('pods at a weight are the controller’s in every recorded case', () => {
  const targets = vectors<TargetCase>('replicas').filter(({ kind }) => kind === 'target');
  expect(targets.length).toBeGreaterThan(1000);
  for (const { id, R, w, surge, unav, surgeN, unavN, canary, stable } of targets) {
    const resolved = resolveSurge(surge ?? undefined, unav ?? undefined, R);
    expect({ id, ...resolved, ...podsAtWeight(R, w, resolved.maxSurge) }).toEqual({
      id,
      maxSurge: surgeN,
      maxUnavailable: unavN,
      canary,
      stable,
    });
  }
});
