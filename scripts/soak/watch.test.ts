import { expect, test } from '@jest/globals';
import { createBreaches } from './checks.ts';
import type { Instance } from './instance.ts';
import type { Reading } from './reading.ts';
import { createWatch } from './watch.ts';

interface Circumstances {
  readonly signal?: 'SIGKILL';
  /** How long the soak takes. */
  readonly seconds?: number;
  /** What the control says at one scrape after the other; the last again and again. */
  readonly controls?: readonly number[];
}

/** What is found of an instance that answers one scrape after the other like this. */
function watch(
  readings: readonly (Partial<Reading> | undefined)[],
  { signal, seconds = 300, controls = [0.011] }: Circumstances = {},
) {
  const usual = { counted: new Map(), inFlight: 0, eventLoopP99Seconds: 0.01, series: new Set(['a']) };
  const instance = { name: 'api-1', signal } as Instance;
  const found: string[] = [];
  const breaches = createBreaches(
    () => 0,
    ({ what }) => found.push(what),
  );
  const { judge } = createWatch(() => true, breaches, seconds);
  for (const [index, reading] of readings.entries()) {
    judge(instance, reading && { ...usual, ...reading }, controls[index] ?? controls.at(-1) ?? 0);
  }
  return found;
}

const late = { eventLoopP99Seconds: 0.05 };

test.each([
  ['in time', [{}, { eventLoopP99Seconds: 0.0499 }, { eventLoopP99Seconds: 0.0499 }], []],
  ['late once', [{}, late, {}], []],
  ['late twice, not in a row', [late, {}, late], []],
  ['late twice in a row', [{}, late, late], ['api-1 was late twice, by 50 ms, must be less than 50']],
  [
    'unreadable',
    [{ eventLoopP99Seconds: Number.NaN }, { eventLoopP99Seconds: Number.NaN }],
    ['api-1 was late twice, by NaN ms, must be less than 50'],
  ],
  ['with a new series', [{}, { series: new Set(['a', 'b']) }], ['api-1 has 2, must be 1: b']],
  ['with a series fewer', [{}, { series: new Set<string>() }], ['api-1 has 0, must be 1: a']],
  ['silent', [{}, undefined], ['api-1 did not answer a scrape']],
])('an instance that is %s', (_what, readings, found) => {
  expect(watch(readings)).toEqual(found);
});

test('one that was killed answers no scrape, and need not', () => {
  expect(watch([{}, undefined], { signal: 'SIGKILL' })).toEqual([]);
});

test.each([
  [{ controls: [0.011, 0.0199, 0.0199] }, 1],
  [{ controls: [0.011, 0.02, 0.0199] }, 0],
  [{ controls: [0.011, 0.0199, 0.02] }, 0],
  [{ seconds: 300 }, 1],
  [{ seconds: 299 }, 0],
])('%j breaks the check of the event loop %d times with one that is late twice', (circumstances, times) => {
  expect(watch([{}, late, late], circumstances)).toHaveLength(times);
});
