import { expect, test } from '@jest/globals';
import { createBreaches } from './breaches.ts';
import type { Instance } from './instance.ts';
import type { Reading } from './reading.ts';
import { createWatch } from './watch.ts';

interface Circumstances {
  readonly wasKilled?: boolean;
  /** How long the soak takes. */
  readonly seconds?: number;
  /** What the control says at one scrape after the other; the last again and again. */
  readonly controls?: readonly number[];
}

/** What is found of an instance that answers one scrape after the other like this, and then no more. */
async function watch(
  readings: readonly (Partial<Reading> | undefined)[],
  { wasKilled = false, seconds = 300, controls = [0.011] }: Circumstances = {},
) {
  const end = new AbortController();
  let scrape = 0;
  const read = async (): Promise<Reading | undefined> => {
    const reading = readings[scrape];
    scrape += 1;
    if (scrape === readings.length) {
      end.abort();
    }
    const usual = {
      counted: new Map(),
      inFlight: 0,
      residentBytes: 1,
      eventLoopP99Seconds: 0.01,
      series: new Set(['a']),
    };
    return reading === undefined ? undefined : { ...usual, ...reading };
  };
  const instance = { name: 'api-1', read, wasKilled: () => wasKilled } as unknown as Instance;
  const found: string[] = [];
  const breaches = createBreaches(
    () => 0,
    (check, { what }) => found.push(`${check}: ${what}`),
  );
  const clock = { now: () => 0, until: async () => undefined };
  const control = { p99Seconds: async () => controls[scrape] ?? controls.at(-1) ?? 0, close: async () => undefined };
  await createWatch({ members: () => [instance], control, clock, breaches, seconds }).run(0, end.signal);
  return found;
}

const late = { eventLoopP99Seconds: 0.05 };

test.each([
  ['in time', [{}, { eventLoopP99Seconds: 0.0499 }, { eventLoopP99Seconds: 0.0499 }], []],
  ['late once', [{}, late, {}], []],
  ['late twice, not in a row', [late, {}, late], []],
  ['late twice in a row', [{}, late, late], ['eventLoop: api-1 was late twice, by 50 ms, must be less than 50']],
  [
    'unreadable',
    [{ eventLoopP99Seconds: Number.NaN }, { eventLoopP99Seconds: Number.NaN }],
    ['eventLoop: api-1 was late twice, by NaN ms, must be less than 50'],
  ],
  ['with a new series', [{}, { series: new Set(['a', 'b']) }], ['series: api-1 has 2, must be 1: b']],
  ['with a series fewer', [{}, { series: new Set<string>() }], ['series: api-1 has 0, must be 1: a']],
  ['silent', [{}, undefined], ['processes: api-1 did not answer a scrape']],
])('an instance that is %s', async (_what, readings, found) => {
  expect(await watch(readings)).toEqual(found);
});

test('one that was killed answers no scrape, and need not', async () => {
  expect(await watch([{}, undefined], { wasKilled: true })).toEqual([]);
});

test.each([
  [{ controls: [0.011, 0.0199, 0.0199] }, 1],
  [{ controls: [0.011, 0.02, 0.0199] }, 0],
  [{ controls: [0.011, 0.0199, 0.02] }, 0],
  [{ seconds: 300 }, 1],
  [{ seconds: 299 }, 0],
])('%j breaks the check of the event loop %d times with one that is late twice', async (circumstances, times) => {
  expect(await watch([{}, late, late], circumstances)).toHaveLength(times);
});
