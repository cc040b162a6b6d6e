import { describe, expect, test } from '@jest/globals';
import { whyNotTaken } from './fault-taken.ts';
import type { Outcome } from './outcome.ts';
import { plainScenario } from './plain-scenario.ts';
import { NO_FAULTS, type PodFaults, type Scenario } from './scenario.ts';
import type { Answers } from './world.ts';

function scenarioWith(change: Partial<Scenario>, canary: Partial<PodFaults> = {}): Scenario {
  const plain = plainScenario(10, { canary });
  return { ...plain, env: { BAD: '1' }, expect: { verdict: 'aborted' }, ...change };
}

/** `[count, lost, meanSeconds]` by version. */
function outcomeOf(verdict: Outcome['verdict'], canary: number[], stable: number[] = [100, 0, 0.01]): Outcome {
  const answers = ([count = 0, lost = 0, meanSeconds = 0.01]: number[]): Answers => ({ count, lost, meanSeconds });
  const both = { canary: answers(canary), stable: answers(stable) };
  const lost = both.canary.lost + both.stable.lost;
  return {
    verdict,
    message: '',
    weight: 100,
    step: 0,
    seconds: 100,
    secondsServed: 90,
    sent: both.canary.count + both.stable.count,
    lost,
    losses: { failed: lost },
    canaryRequests: both.canary.count,
    answers: both,
    events: [],
    samples: [],
  };
}

describe('whyNotTaken', () => {
  test.each<[string, Scenario, Outcome, RegExp | undefined]>([
    [
      'every answer should fail and none does',
      scenarioWith({}, { failureRatio: 1 }),
      outcomeOf('promoted', [5]),
      /^BAD=1 was set, answers of the new version should have failed, and none of 5 did$/,
    ],
    ['one fails', scenarioWith({}, { failureRatio: 1 }), outcomeOf('promoted', [5, 1]), undefined],
    ['too few asked', scenarioWith({}, { failureRatio: 0.1 }), outcomeOf('promoted', [49]), undefined],
    ['enough asked', scenarioWith({}, { failureRatio: 0.1 }), outcomeOf('aborted', [50]), /none of 50 did$/],
    [
      'none is left without an answer',
      scenarioWith({}, { hangRatio: 1 }),
      outcomeOf('promoted', [9]),
      /none of 9 did$/,
    ],
    [
      'the old version should fail and does not',
      scenarioWith({ env: {}, stableEnv: { BAD: '1' }, stable: { ...NO_FAULTS, failureRatio: 0.5 } }),
      outcomeOf('promoted', [50]),
      /answers of the old version should have failed, and none of 100 did$/,
    ],
    [
      'answers are no slower',
      scenarioWith({}, { latencySeconds: 0.8 }),
      outcomeOf('promoted', [50, 0, 0.209]),
      /should have taken 0\.8 s longer, and took 0\.209 s on average, the old version's 0\.010 s$/,
    ],
    ['some are slower', scenarioWith({}, { latencySeconds: 0.8 }), outcomeOf('promoted', [50, 0, 0.22]), undefined],
    [
      'pods that should never be ready are',
      scenarioWith({}, { neverReady: true }),
      outcomeOf('promoted', [50]),
      /should never have been ready, and it was; none of its 50 answers failed$/,
    ],
    ['they are ready and fail', scenarioWith({}, { neverReady: true }), outcomeOf('promoted', [50, 50]), undefined],
    ['they were ready for a while', scenarioWith({}, { crashesAtStart: true }), outcomeOf('aborted', [50]), undefined],
    [
      'nothing is different, and nobody said what should be',
      scenarioWith({}),
      outcomeOf('promoted', [50]),
      /should have been aborted, and nothing was different: none of its 50 answers failed, and they took 0\.010 s/,
    ],
    ['it is slower, and nobody said what should be', scenarioWith({}), outcomeOf('promoted', [50, 0, 0.5]), undefined],
    [
      'it was to be promoted',
      scenarioWith({ expect: { verdict: 'promoted' } }),
      outcomeOf('promoted', [50]),
      undefined,
    ],
    ['nobody asked', scenarioWith({}, { failureRatio: 1 }), outcomeOf('promoted', [0], [0]), undefined],
    ['nothing is set', scenarioWith({ env: {} }, { crashesAfterRequests: 10 }), outcomeOf('promoted', [50]), undefined],
    [
      'the backend goes and nobody notices',
      scenarioWith({ env: {}, outages: [{ what: 'backend', after: 3, seconds: 10 }] }),
      outcomeOf('promoted', [50]),
      /^the backend was away, and none of 150 requests failed$/,
    ],
    [
      'the backend goes and requests fail',
      scenarioWith({ env: {}, outages: [{ what: 'backend', after: 3, seconds: 10 }] }),
      outcomeOf('promoted', [50], [100, 4]),
      undefined,
    ],
  ])('%s', (_, scenario, outcome, reason) => {
    const found = whyNotTaken(scenario, outcome);
    expect(found).toEqual(reason === undefined ? undefined : expect.stringMatching(reason));
  });

  test('a world that cannot tell the versions apart goes by all answers', () => {
    const { answers: _, ...outcome } = outcomeOf('promoted', [50]);
    expect(whyNotTaken(scenarioWith({}, { failureRatio: 1 }), outcome)).toMatch(/none of 50 did/);
    expect(whyNotTaken(scenarioWith({}, { failureRatio: 1 }), { ...outcome, lost: 1 })).toBeUndefined();
    expect(whyNotTaken(scenarioWith({}, { latencySeconds: 0.8 }), outcome)).toBeUndefined();
  });
});
