import { describe, expect, test } from '@jest/globals';
import { loadManifests } from '../manifest/load.ts';
import { logFactorial } from '../model/factorial.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { createTally, type Odds } from './tally.ts';
import { oneReadGate } from './testing/one-read.ts';

// Thousands of releases, in jest's slow room: not for the quick gate.
const root = new URL('../..', import.meta.url).pathname;
const { manifests } = await loadManifests(['workloads/sample-api'], root);
const shipped = createModel(readWorkload('workloads/sample-api', manifests));

function play(model: typeof shipped, failureRatio: number, requestsPerSecond: number, runs: number, seed = 1): Odds {
  const tally = createTally(model, { failureRatio, requestsPerSecond, baseline: 0.001 }, seed);
  tally.play(runs);
  return tally.odds();
}

describe('the shipped gate', () => {
  test.each([0.1, 0.3, 1, 3, 10, 100, 1000])(
    'hardly ever aborts a release that succeeds 99.5 %% of the time at %d rps',
    (rps) => {
      const { abort } = play(shipped, 0.005, rps, 700);
      expect(abort.high).toBeLessThan(0.01);
    },
  );

  test('catches 10 % failures at 100 rps at weight 25, and all but never passes weight 50 with them', () => {
    const { abortedAt, runs } = play(shipped, 0.1, 100, 4000);
    const until = (weight: number) =>
      abortedAt.filter((one) => one.weight <= weight).reduce((sum, one) => sum + one.runs, 0) / runs;
    expect(until(25)).toBeGreaterThanOrEqual(0.98);
    expect(until(50)).toBeGreaterThan(0.999);
  });
});

describe('a gate that reads once', () => {
  const oneRead = createModel(readWorkload('one-read', oneReadGate()));
  test.each([0.045, 0.05, 0.055])('agrees with the binomial tail at %d', (ratio) => {
    // One canary pod of four gets 25 requests a second; 12 scrapes in the minute span 55 s.
    const expected = tail(25 * 55, ratio);
    const { abort } = play(oneRead, ratio, 100, 3000);
    expect(abort.low).toBeLessThanOrEqual(expected);
    expect(abort.high).toBeGreaterThanOrEqual(expected);
  });
});

/** How often more than 5 % of a Poisson number of requests fail, each with a probability. */
function tail(mean: number, probability: number): number {
  const poisson = (k: number, expected: number) => Math.exp(k * Math.log(expected) - expected - logFactorial(k));
  let sum = 0;
  for (let failed = 0; failed < 200; failed += 1) {
    // Aborted where failed / (failed + succeeded) > 0.05: with fewer than 19 successes a failure.
    let few = 0;
    for (let succeeded = 1000; succeeded < Math.min(19 * failed, 1700); succeeded += 1) {
      few += poisson(succeeded, mean * (1 - probability));
    }
    sum += poisson(failed, mean * probability) * few;
  }
  return sum;
}
